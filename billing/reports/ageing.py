"""What clients owe, by how long they have owed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import Account
from billing.models import Invoice, LedgerEntry, LedgerTransaction
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

BUCKETS = ((0, "Up to 30 days"), (31, "31 to 60 days"), (61, "61 to 90 days"), (91, "Over 90 days"))
"""How old an invoice is, in whole days since it was issued: the youngest of each bucket, and its name."""


@dataclass(frozen=True, slots=True)
class Owing:
    """One invoice with what was still owed on it at an instant, and how old it was."""

    invoice: Invoice
    amount: Money
    days: int

    @property
    def bucket(self) -> int:
        """Which of the buckets it falls into."""
        return max(at for at, (least, _) in enumerate(BUCKETS) if self.days >= least)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A client with what they owed in each bucket."""

    client: Person
    buckets: tuple[Money, ...]
    invoices: int

    @property
    def total(self) -> Money:
        """All of it."""
        return sum(self.buckets[1:], self.buckets[0])


def owing(at: datetime, *, client_id: int | None = None) -> list[Owing]:
    """Return the invoices on which something was owed at an instant, the oldest first."""
    books = (
        select(LedgerEntry.invoice_id, func.sum(LedgerEntry.amount_cents).label("cents"))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(
            LedgerEntry.account == Account.RECEIVABLE,
            LedgerEntry.invoice_id.is_not(None),
            LedgerTransaction.posted_at < at,
        )
        .group_by(LedgerEntry.invoice_id)
        .having(func.sum(LedgerEntry.amount_cents) > 0)
    )
    if client_id is not None:
        books = books.where(LedgerEntry.client_id == client_id)
    open_ = books.subquery()
    query = (
        select(Invoice, open_.c.cents)
        .join(open_, open_.c.invoice_id == Invoice.id)
        .options(joinedload(Invoice.client), joinedload(Invoice.counselor), joinedload(Invoice.appointment))
        .order_by(Invoice.issued_at, Invoice.id)
    )
    return [
        Owing(invoice, Money(int(cents), invoice.currency), (at - invoice.issued_at) // timedelta(days=1))
        for invoice, cents in db.session.execute(query).unique()
    ]


def debtors(found: Sequence[Owing]) -> list[Debtor]:
    """Add invoices up by client and currency, those who owe most first."""
    by_client: dict[tuple[int, str], list[Owing]] = {}
    for one in found:
        by_client.setdefault((one.invoice.client_id, one.amount.currency), []).append(one)
    rows = [_debtor(code, theirs) for (_, code), theirs in by_client.items()]
    return sorted(rows, key=lambda row: (row.total.currency, -row.total.cents, row.client.name))


def _debtor(code: str, theirs: list[Owing]) -> Debtor:
    cents = [sum(one.amount.cents for one in theirs if one.bucket == at) for at in range(len(BUCKETS))]
    return Debtor(theirs[0].invoice.client, tuple(Money(each, code) for each in cents), len(theirs))
