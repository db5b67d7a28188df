"""Whether closed months still come to what they came to when they were closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from billing.closing.models import ClosedMonth
from billing.models import LedgerEntry, LedgerTransaction
from practice.core.db import db
from practice.core.money import Money

Sums = Counter[tuple[str, str]]
"""Cents by account and currency."""


def changes() -> Iterator[tuple[ClosedMonth, Money]]:
    """Return each closed month whose own postings come to something else now, with how much moved.

    A month holds what it came to from the beginning on, so its own part is what it holds beyond the one before.
    """
    standing = select(ClosedMonth).where(ClosedMonth.reopened_at.is_(None)).order_by(ClosedMonth.ends_at)
    before, since = Sums(), None
    for closed in db.session.scalars(standing).all():
        kept = Sums({(each.account, each.currency): each.cents for each in closed.balances})
        apart = _booked(since, closed.ends_at)
        apart.subtract(kept)
        apart.update(before)
        for currency in sorted({code for _, code in apart}):
            if moved := _moved(apart, currency):
                yield closed, Money(moved, currency)
        before, since = kept, closed.ends_at


def _booked(since: datetime | None, until: datetime) -> Sums:
    query = (
        select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.posted_at < until)
        .group_by(LedgerEntry.account, LedgerEntry.currency)
    )
    if since:
        query = query.where(LedgerTransaction.posted_at >= since)
    return Sums({(account, code): int(cents) for account, code, cents in db.session.execute(query)})


def _moved(apart: Sums, currency: str) -> int:
    cents = [amount for (_, code), amount in apart.items() if code == currency]
    return max(sum(each for each in cents if each > 0), -sum(each for each in cents if each < 0))
