"""Whose line is looked at next: a row for each counselor somebody waits for, claimed under a lease."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from booking.models.waitlist import Turn
from booking.waitlist.queries import counselors_waited_for
from practice.core.db import db

EVERY = timedelta(minutes=10)
"""How often a line is looked at though nothing was heard, as for new hours."""
LEASE = timedelta(minutes=2)


def stir(counselor_id: int, at: datetime) -> None:
    """Have a line looked at by an instant, because one of its counselor's times will have come free then."""
    db.session.execute(
        update(Turn)
        .where(Turn.counselor_id == counselor_id, Turn.due_at > at)
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )


def add_missing(now: datetime) -> None:
    """Give every counselor somebody waits for a turn."""
    present = set(db.session.scalars(select(Turn.counselor_id)))
    missing = [each for each in counselors_waited_for() if each not in present]
    if missing:
        on_postgresql = db.session.get_bind().dialect.name == "postgresql"
        statement = (postgresql if on_postgresql else sqlite).insert(Turn)
        rows = [{"counselor_id": each, "due_at": now, "claims": 0} for each in missing]
        db.session.execute(statement.on_conflict_do_nothing(), rows)


def claim(now: datetime, *, most: int) -> list[tuple[int, int]]:
    """Take the lines that are due under a lease; return each counselor with the number of the claim."""
    due = (
        select(Turn.counselor_id)
        .where(Turn.due_at <= now, or_(Turn.leased_until.is_(None), Turn.leased_until < now))
        .order_by(Turn.due_at)
        .limit(most)
    )
    if db.session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    rows = db.session.execute(
        update(Turn)
        .where(Turn.counselor_id.in_(due.scalar_subquery()))
        .values(leased_until=now + LEASE, claims=Turn.claims + 1, due_at=now + EVERY)
        .returning(Turn.counselor_id, Turn.claims)
        .execution_options(synchronize_session=False)
    ).all()
    return [(counselor_id, number) for counselor_id, number in rows]


def finish(counselor_id: int, number: int) -> None:
    """Give a line back, unless somebody else has taken it since."""
    db.session.execute(
        update(Turn)
        .where(Turn.counselor_id == counselor_id, Turn.claims == number)
        .values(leased_until=None)
        .execution_options(synchronize_session=False)
    )
