"""Signed-in browsers: begin, recognise, see and end them.

The cookie holds a random secret; the table holds its SHA-256, so that a copy of the
database signs nobody in. A sign-in ends after thirty days, or twelve hours unused.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, select, update

from practice import events
from practice.core.db import aside, db, only_reads
from practice.models import Person, SignIn

LONGEST = timedelta(days=30)
IDLE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person in one browser, as Flask-Login wants it."""

    person: Person
    sign_in_id: int
    secret: str
    is_locked: bool = False

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.secret

    def key_for(self, purpose: str) -> bytes:
        """Derive a 32-byte key that the database does not hold and only this browser can give (RFC 5869)."""
        info = f"stillpoint/sign-in/{purpose}".encode()
        return HKDF(hashes.SHA256(), 32, None, info).derive(self.secret.encode())


def begin(person: Person, *, user_agent: str, address: str, now: datetime) -> Visitor:
    """Open a sign-in for a person."""
    secret = secrets.token_urlsafe(32)
    row = SignIn(
        person_id=person.id,
        secret_hash=_hash(secret),
        user_agent=user_agent[:300],
        address=address[:45],
        created_at=now,
        seen_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return Visitor(person, row.id, secret)


def recognise(secret: str, *, now: datetime, is_use: bool = True) -> Visitor | None:
    """Return the visitor whose cookie this is, if the sign-in still stands; `is_use` makes it stand for longer."""
    row = db.session.scalar(select(SignIn).where(SignIn.secret_hash == _hash(secret), SignIn.ended_at.is_(None)))
    if row is None or now - row.created_at > LONGEST or now - row.seen_at > IDLE or not row.person.is_open:
        return None
    if is_use and now - row.seen_at > TOUCH_EVERY:
        _touch(row.id, now)
    return Visitor(row.person, row.id, secret, is_locked=row.locked_at is not None)


def lock(visitor: Visitor, *, now: datetime) -> None:
    """Let nothing be seen in this browser until the password is given; the sign-in stands."""
    _mark(visitor, locked_at=now)
    events.sign_in_locked.send(events.SignInLocked(visitor))


def unlock(visitor: Visitor, *, now: datetime) -> None:
    """Go on in a locked browser, after its person proved the password."""
    _mark(visitor, locked_at=None)
    events.sign_in_begun.send(events.SignInBegun(visitor, now))


def standing(person: Person, *, now: datetime) -> list[SignIn]:
    """Return the sign-ins of a person that still stand, the latest used first."""
    return list(
        db.session.scalars(
            select(SignIn)
            .where(
                SignIn.person_id == person.id,
                SignIn.ended_at.is_(None),
                SignIn.created_at > now - LONGEST,
                SignIn.seen_at > now - IDLE,
            )
            .order_by(SignIn.seen_at.desc())
        )
    )


def end(person: Person, sign_in_id: int, *, now: datetime) -> bool:
    """End one sign-in of this person; tell whether there was one."""
    return _end(person, SignIn.id == sign_in_id, now=now) > 0


def end_all(person: Person, *, now: datetime, but: int | None = None) -> int:
    """End every sign-in of a person, except the one being used; return how many."""
    return _end(person, SignIn.id != (but or 0), now=now)


def _mark(visitor: Visitor, *, locked_at: datetime | None) -> None:
    db.session.execute(update(SignIn).where(SignIn.id == visitor.sign_in_id).values(locked_at=locked_at))


def _end(person: Person, which: ColumnElement[bool], *, now: datetime) -> int:
    result = db.session.execute(
        update(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), which)
        .values(ended_at=now)
        .execution_options(synchronize_session="fetch")
    )
    events.sign_ins_ended.send(events.SignInsEnded(person))
    return int(getattr(result, "rowcount", 0))


def _touch(sign_in_id: int, now: datetime) -> None:
    seen = update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now)
    if only_reads.get():
        with aside() as session:
            session.execute(seen)
    else:  # this request holds SQLite's write lock, and would wait for itself
        db.session.execute(seen)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
