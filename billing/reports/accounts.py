"""The books as an accountant takes them over: numbered accounts, a journal, and a trial balance.

Clients stand in it by their number alone: whoever keeps the books need not know who is in care.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from billing.ledger.posting import Account
from billing.models import LedgerEntry, LedgerTransaction
from billing.reports.periods import Period
from practice.core.db import db
from practice.core.money import Money

NUMBERS = {
    "cash": 1000,
    "bank": 1010,
    "clearing": 1050,
    "in_transit": 1060,
    "disputed": 1070,
    "receivable": 1200,
    "credit": 2100,
    "payable": 2200,
    "income": 4000,
    "shares": 5000,
    "fees": 6100,
    "written_off": 6200,
    "till_difference": 6300,
}
"""Assets from 1000, what is owed to others from 2000, income from 4000, costs from 5000."""
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Trial:
    """One account over a period: what it came to before, what moved, and what it comes to after."""

    account: Account
    opening: Money
    debits: Money
    credits: Money

    @property
    def closing(self) -> Money:
        """What it comes to when the period is over."""
        return self.opening + self.debits - self.credits


def journal(period: Period) -> Sequence[LedgerTransaction]:
    """Return the postings of a period, the earliest first."""
    span = period.span
    query = (
        select(LedgerTransaction)
        .where(LedgerTransaction.posted_at >= span.starts_at, LedgerTransaction.posted_at < span.ends_at)
        .order_by(LedgerTransaction.posted_at, LedgerTransaction.id)
        .limit(MOST)
        .options(
            selectinload(LedgerTransaction.entries).options(
                joinedload(LedgerEntry.invoice), joinedload(LedgerEntry.counselor)
            )
        )
    )
    return db.session.scalars(query).unique().all()


def trial_balance(period: Period) -> list[Trial]:
    """Return every account that anything stands on, in the order of their numbers."""
    span, cents = period.span, LedgerEntry.amount_cents
    before, inside = LedgerTransaction.posted_at < span.starts_at, LedgerTransaction.posted_at >= span.starts_at
    query = (
        select(
            LedgerEntry.account,
            LedgerEntry.currency,
            func.sum(case((before, cents), else_=0)),
            func.sum(case((inside & (cents > 0), cents), else_=0)),
            func.sum(case((inside & (cents < 0), -cents), else_=0)),
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerTransaction.posted_at < span.ends_at)
        .group_by(LedgerEntry.account, LedgerEntry.currency)
    )
    rows = [
        Trial(Account(name), *(Money(int(amount), code) for amount in amounts))
        for name, code, *amounts in db.session.execute(query)
    ]
    return sorted(rows, key=lambda row: (row.opening.currency, NUMBERS[row.account]))
