"""What the practice tidies by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select

from practice import attempts, tokens
from practice.core.db import db
from practice.core.scheduler import every
from practice.models import Invitation, Person, SignIn, Token
from practice.sign_ins import IDLE, LONGEST

UNCONFIRMED_KEPT = timedelta(days=14)
SIGN_INS_KEPT = timedelta(days=90)


@every(3600, "practice.purge")
def purge(now: datetime) -> None:
    """Delete tries that no longer count, old links, old sign-ins, and sign-ups nobody confirmed."""
    attempts.purge(now=now)
    tokens.purge(now=now)
    _delete_old_sign_ins(now)
    _delete_unconfirmed(now)


def _delete_old_sign_ins(now: datetime) -> None:
    past = now - SIGN_INS_KEPT
    over = or_(SignIn.ended_at < past, SignIn.created_at < past - LONGEST, SignIn.seen_at < past - IDLE)
    db.session.execute(delete(SignIn).where(over).execution_options(synchronize_session=False))


def _delete_unconfirmed(now: datetime) -> None:
    waiting = select(Token.person_id).where(
        Token.person_id.is_not(None), Token.used_at.is_(None), Token.expires_at > now
    )
    forgotten = and_(
        Person.confirmed_at.is_(None),
        Person.created_at < now - UNCONFIRMED_KEPT,
        Person.id.not_in(waiting),
        Person.id.not_in(select(Invitation.invited_by_id).where(Invitation.invited_by_id.is_not(None))),
    )
    for person in db.session.scalars(select(Person).where(forgotten).limit(500)):
        db.session.delete(person)
