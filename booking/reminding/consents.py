"""Leave to send texts: asked for in plain words, proved by a code, kept with its time, ended at once on request."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from booking.models.reminding import ReminderChoice, TextConsent
from booking.reminding import planning
from booking.reminding.letters import CODE_KIND
from booking.reminding.rules import Quiet
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.outbox import SMS, OutboxMessage
from practice.models import Person

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
WORDS = (
    "You agree that {practice} sends texts to {phone}: reminders of your appointments, usually one to three for each, "
    "and times that come free where you wait for one and ask to be told by text. Texts can be read by whoever holds "
    "the telephone; they name the time and nothing else. Your carrier may charge for them. You can end this at any "
    "time here or by answering STOP; it changes nothing else."
)


class WrongCodeError(Exception):
    """The code is not the one that was sent, or no longer works; the words say which."""


def ask(person: Person, phone: str, *, practice: str, now: datetime) -> TextConsent:
    """Note what was shown, and send a code to the telephone; an older question that was not answered is let go."""
    for older in _open_questions(person.id):
        older.ended_at, older.ended_by = now, "replaced"
    code = f"{secrets.randbelow(1_000_000):06d}"
    consent = TextConsent(
        person_id=person.id,
        phone=phone,
        phone_tail=phone[-3:],
        words=WORDS.format(practice=practice, phone=phone),
        asked_at=now,
        code_hash="",
        code_until=now + CODE_LASTS,
    )
    db.session.add(consent)
    db.session.flush()
    consent.code_hash = _hash(consent.id, code)
    outbox.plan(
        key=f"text_code:{consent.id}",
        kind=CODE_KIND,
        channel=SMS,
        recipient_id=person.id,
        payload={"code": code},
        subject=("text_consent", consent.id),
        due_at=now,
        now=now,
    )
    return consent


def asked(person: Person) -> TextConsent | None:
    """Return the question that waits for its code."""
    return next(iter(_open_questions(person.id)), None)


def give(person: Person, code: str, *, now: datetime) -> TextConsent:
    """Take the code as consent, and plan texts for what is ahead. Raises WrongCodeError; the try is to be committed."""
    consent = asked(person)
    if consent is None or now >= consent.code_until or consent.code_tries >= MOST_TRIES:
        raise WrongCodeError("This code no longer works. Ask for another one.")
    consent.code_tries += 1
    if not hmac.compare_digest(consent.code_hash, _hash(consent.id, code)):
        raise WrongCodeError("That is not the code we sent. Look at the latest text from us.")
    _end(_standing(TextConsent.person_id == person.id), "replaced", now)
    consent.given_at = now
    db.session.flush()
    choice = choice_of(person, now)
    choice.by_sms, choice.changed_at = True, now
    _record("text_consent.given", consent)
    return _anew(consent, now)


def end(person: Person, *, now: datetime) -> None:
    """End it by the person's own page."""
    _end(_standing(TextConsent.person_id == person.id), "page", now)


def end_for_telephone(phone: str, *, how: str, now: datetime) -> list[TextConsent]:
    """End every consent for a telephone, as STOP does; return them."""
    found = standing_for(phone)
    _end(found, how, now)
    return found


def resume(phone: str, *, now: datetime) -> TextConsent | None:
    """Take START from a telephone that said STOP as consent anew; None when it never gave any."""
    ended = [
        each
        for each in db.session.scalars(
            select(TextConsent)
            .where(TextConsent.phone_tail == phone[-3:], TextConsent.ended_by.in_(("stop", "carrier")))
            .order_by(TextConsent.id.desc())
        )
        if each.phone == phone and each.given_at is not None
    ]
    if not ended or planning.consent_of(ended[0].person_id) is not None:
        return None
    consent = TextConsent(
        person_id=ended[0].person_id,
        phone=phone,
        phone_tail=phone[-3:],
        words="START, sent from this telephone.",
        asked_at=now,
        code_hash="",
        code_until=now,
        given_at=now,
    )
    db.session.add(consent)
    db.session.flush()
    _record("text_consent.given", consent)
    return _anew(consent, now)


def standing_for(phone: str) -> list[TextConsent]:
    """Return the consents for a telephone; two people may share one."""
    return [each for each in _standing(TextConsent.phone_tail == phone[-3:]) if each.phone == phone]


def choice_of(person: Person, now: datetime) -> ReminderChoice:
    """Return a person's choice, made now if there is none yet."""
    choice = db.session.get(ReminderChoice, person.id)
    if choice is None:
        choice = ReminderChoice(
            person_id=person.id,
            by_email=True,
            by_sms=False,
            skipped=[],
            quiet_from=Quiet().since,
            quiet_until=Quiet().until,
            changed_at=now,
        )
        db.session.add(choice)
    return choice


def end_where_carriers_refuse(now: datetime) -> int:
    """End the consents of telephones that the carrier says have opted out; return how many."""
    refused = db.session.execute(
        select(OutboxMessage.recipient_id, OutboxMessage.settled_at).where(
            OutboxMessage.channel == SMS,
            OutboxMessage.error_code == "21610",
            OutboxMessage.settled_at > now - timedelta(days=2),
        )
    ).all()
    found = [
        consent
        for person_id, at in refused
        for consent in _standing(TextConsent.person_id == person_id)
        if at is not None and consent.given_at is not None and consent.given_at < at
    ]
    _end(found, "carrier", now)
    return len(found)


def _anew(consent: TextConsent, now: datetime) -> TextConsent:
    planning.plan_anew(planning.upcoming_of(client_id=consent.person_id, now=now), now)
    return consent


def _end(consents: Iterable[TextConsent], how: str, now: datetime) -> None:
    for consent in consents:
        consent.ended_at, consent.ended_by = now, how
        _record("text_consent.ended", consent, how=how)
        if how == "replaced":
            continue
        db.session.execute(
            update(OutboxMessage)
            .where(
                OutboxMessage.recipient_id == consent.person_id,
                OutboxMessage.channel == SMS,
                OutboxMessage.state == outbox.PLANNED,
            )
            .values(state=outbox.WITHDRAWN, settled_at=now)
            .execution_options(synchronize_session=False)
        )
    db.session.flush()


def _standing(*conditions: object) -> Sequence[TextConsent]:
    return db.session.scalars(
        select(TextConsent).where(TextConsent.given_at.is_not(None), TextConsent.ended_at.is_(None), *conditions)  # type: ignore[arg-type]  # column expressions
    ).all()


def _open_questions(person_id: int) -> Sequence[TextConsent]:
    return db.session.scalars(
        select(TextConsent)
        .where(TextConsent.person_id == person_id, TextConsent.given_at.is_(None), TextConsent.ended_at.is_(None))
        .order_by(TextConsent.id.desc())
    ).all()


def _hash(consent_id: int, code: str) -> str:
    return hashlib.sha256(f"{consent_id}:{''.join(code.split())}".encode()).hexdigest()


def _record(deed: str, consent: TextConsent, **detail: object) -> None:
    audit.record(deed, person_id=consent.person_id, subject=("person", consent.person_id), detail=detail)
