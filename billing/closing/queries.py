"""Find months, open and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.closing.models import ClosedMonth
from billing.closing.months import Month
from billing.models import LedgerTransaction
from practice.core.db import db


@dataclass(frozen=True, slots=True)
class Standing:
    """A month with its closing, if it is closed."""

    month: Month
    closed: ClosedMonth | None
    postings: int


def latest() -> ClosedMonth | None:
    """Return the last month that is closed."""
    standing = select(ClosedMonth).where(ClosedMonth.reopened_at.is_(None))
    return db.session.scalars(standing.order_by(ClosedMonth.ends_at.desc()).limit(1)).first()


def closed_month(number: int) -> ClosedMonth | None:
    """Return a closing by its number."""
    return db.session.get(ClosedMonth, number)


def first_open(zone: str) -> Month | None:
    """Return the earliest month that is not closed, if anything is booked at all."""
    if last := latest():
        return Month.of(last.ends_at, zone)
    first = db.session.scalar(select(func.min(LedgerTransaction.posted_at)))
    return Month.of(first, zone) if first else None


def months(zone: str, now: datetime) -> list[Standing]:
    """Return every month from the first posting until now, the latest first."""
    first = db.session.scalar(select(func.min(LedgerTransaction.posted_at)))
    if first is None:
        return []
    closed = {each.month: each for each in _standing()}
    found, month, last = [], Month.of(first, zone), Month.of(now, zone)
    while month <= last:
        found.append(Standing(month, closed.get(str(month)), _postings(month, zone)))
        month = month.next
    return found[::-1]


def history(month: Month) -> Sequence[ClosedMonth]:
    """Return when a month was closed and opened again, the latest first."""
    chosen = select(ClosedMonth).where(ClosedMonth.month == str(month)).order_by(ClosedMonth.id.desc())
    return db.session.scalars(chosen.options(joinedload(ClosedMonth.closed_by))).all()


def _standing() -> Sequence[ClosedMonth]:
    standing = select(ClosedMonth).where(ClosedMonth.reopened_at.is_(None))
    return db.session.scalars(standing.options(joinedload(ClosedMonth.closed_by))).all()


def _postings(month: Month, zone: str) -> int:
    within = (LedgerTransaction.posted_at >= month.begins(zone), LedgerTransaction.posted_at < month.ends(zone))
    return int(db.session.scalar(select(func.count()).select_from(LedgerTransaction).where(*within)) or 0)
