"""Sign up, confirm, sign in, and change what one signs in with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from practice import events, letters, passwords, sign_ins, tokens
from practice.core import audit
from practice.core.db import db, reading
from practice.forms.accounts import SignUp
from practice.models import CLIENT, Person, PersonRole, Token
from practice.queries.people import person_at


class AddressTakenError(Exception):
    """The new address came to belong to somebody else meanwhile."""


def sign_up(wanted: SignUp, *, password_hash: str, now: datetime) -> None:
    """Send a new person the link that makes the account theirs, and a member a hint; the page says the same."""
    person = person_at(wanted.email) or _newcomer(wanted, now)
    if person.confirmed_at is not None:
        letters.send("already_member", to=person.email, name=person.first_name, about=person.id, now=now)
        return
    payload = {"name": wanted.name, "zone": wanted.zone, "password_hash": password_hash, "terms": wanted.terms}
    _send_confirmation(person, payload, name=wanted.name, now=now)


def resend_confirmation(email: str, *, now: datetime) -> None:
    """Send the latest link's details under a new link, if somebody is still to confirm this address."""
    person = person_at(email)
    if person is None:
        return
    if person.confirmed_at is not None:
        letters.send("already_member", to=person.email, name=person.first_name, about=person.id, now=now)
        return
    latest = db.session.scalar(
        select(Token)
        .where(Token.person_id == person.id, Token.purpose == "confirm_email")
        .order_by(Token.id.desc())
        .limit(1)
    )
    if latest is not None:
        _send_confirmation(person, dict(latest.payload), name=latest.payload["name"], now=now)


def confirm(secret: str, *, now: datetime) -> Person | None:
    """Open the account with the details given when this very link was asked for."""
    token = tokens.use("confirm_email", secret, now=now)
    person = db.session.get(Person, token.person_id) if token else None
    if token is None or person is None or not person.open_to_confirmation:
        return None
    person.name, person.zone = token.payload["name"], token.payload["zone"]
    person.password_hash = token.payload["password_hash"]
    person.confirmed_at = now
    audit.record("person.confirmed", person_id=person.id, subject=("person", person.id))
    audit.record("terms.agreed", person_id=person.id, detail={"version": token.payload["terms"]})
    _forget_confirmations(person, now)
    return person


def authenticate(email: str, password: str) -> int | None:
    """Return the id of the person whose password this is; it takes as long for an address nobody has."""
    with reading():
        row = db.session.execute(select(Person.id, Person.password_hash).where(Person.email == email)).first()
        db.session.rollback()  # nobody waits for our transaction while Argon2 takes its time
    known = passwords.matches(password, row.password_hash if row else None)
    return int(row.id) if known and row else None


def proves(person: Person, password: str) -> bool:
    """Tell whether somebody signed in knows their own password; what was not committed is given up."""
    kept = person.password_hash
    db.session.rollback()  # nobody waits for our transaction while Argon2 takes its time
    return passwords.matches(password, kept)


def chosen(password: str) -> str:
    """Return the hash of a password somebody chose, and let what hangs on it be made ready; it takes its time."""
    events.password_chosen.send(events.PasswordChosen(password))
    return passwords.hashed(password)


def request_reset(email: str, *, now: datetime) -> None:
    """Send a link for a new password to a member, a link to confirm to a newcomer, and nothing to others."""
    person = person_at(email)
    if person is None or person.closed_at is not None:
        return
    if person.confirmed_at is None:
        resend_confirmation(email, now=now)
        return
    tokens.revoke("reset_password", person_id=person.id, now=now)
    token, secret = tokens.issue("reset_password", person_id=person.id, now=now)
    letters.send_link(token, secret, to=person.email, name=person.first_name, now=now)
    audit.record("password.reset_asked", subject=("person", person.id))


def reset_password(secret: str, password_hash: str, *, now: datetime) -> Person | None:
    """Use a reset link: set the password, end every sign-in, and tell the person."""
    token = tokens.use("reset_password", secret, now=now)
    person = db.session.get(Person, token.person_id) if token else None
    if person is None or not person.is_open:
        return None
    _set_password(person, password_hash, but=None, now=now)
    audit.record("password.reset", person_id=person.id, subject=("person", person.id))
    return person


def change_password(person: Person, password_hash: str, *, but: int, now: datetime) -> None:
    """Set a new password and end every sign-in but the one being used."""
    _set_password(person, password_hash, but=but, now=now)
    audit.record("password.changed", person_id=person.id, subject=("person", person.id))


def request_email_change(person: Person, email: str, *, now: datetime) -> None:
    """Send the new address a link; one that has an account already only learns of the attempt."""
    if person_at(email) is not None:
        letters.send("email_taken", to=email, name="", about=person.id, now=now)
        return
    tokens.revoke("change_email", person_id=person.id, now=now)
    token, secret = tokens.issue("change_email", person_id=person.id, payload={"email": email}, now=now)
    letters.send_link(token, secret, to=email, name=person.first_name, now=now)


def change_email(secret: str, *, now: datetime) -> Person | None:
    """Use the link sent to a new address; raises AddressTakenError. The old address is told."""
    token = tokens.use("change_email", secret, now=now)
    person = db.session.get(Person, token.person_id) if token else None
    if token is None or person is None or not person.is_open:
        return None
    old, new = person.email, token.payload["email"]
    try:
        with db.session.begin_nested():
            person.email = new
            db.session.flush()
    except IntegrityError as error:
        raise AddressTakenError from error
    tokens.revoke("reset_password", person_id=person.id, now=now)
    letters.send("email_changed", to=old, name=person.first_name, about=person.id, now=now, new=_veiled(new))
    audit.record("email.changed", person_id=person.id, subject=("person", person.id))
    return person


def _newcomer(wanted: SignUp, now: datetime) -> Person:
    person = Person(email=wanted.email, name=wanted.name, zone=wanted.zone, created_at=now)
    person.role_rows = [PersonRole(role=CLIENT, granted_at=now)]
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
    except IntegrityError:
        return db.session.execute(select(Person).where(Person.email == wanted.email)).scalar_one()
    audit.record("person.signed_up", person_id=person.id, subject=("person", person.id))
    return person


def _send_confirmation(person: Person, payload: dict[str, str], *, name: str, now: datetime) -> None:
    token, secret = tokens.issue("confirm_email", person_id=person.id, payload=payload, now=now)
    letters.send_link(token, secret, to=person.email, name=(name.split() or [name])[0], now=now)


def _forget_confirmations(person: Person, now: datetime) -> None:
    tokens.revoke("confirm_email", person_id=person.id, now=now)
    for token in db.session.scalars(
        select(Token).where(Token.person_id == person.id, Token.purpose == "confirm_email")
    ):
        token.payload = {}


def _set_password(person: Person, password_hash: str, *, but: int | None, now: datetime) -> None:
    person.password_hash = password_hash
    events.password_set.send(events.PasswordSet(person, now))
    tokens.revoke("reset_password", person_id=person.id, now=now)
    sign_ins.end_all(person, but=but, now=now)
    letters.send("password_changed", to=person.email, name=person.first_name, about=person.id, now=now)


def _veiled(email: str) -> str:
    """Show enough of an address to know one's own, and not enough to write to it."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
