"""A client's account: everything that changed what they owe, with what they owed after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import Account, Kind
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Refund
from billing.states import REASONS
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

WORDS = {
    Kind.INVOICE: "Billed",
    Kind.PAYMENT: "You paid by card",
    Kind.CREDIT: "Credited to you",
    Kind.CREDIT_REVERSED: "A refund could not be sent, so its credit was taken back",
    Kind.REFUND: "Went back to your card",
    Kind.REFUND_RETURNED: "Your bank sent a refund back to us",
    Kind.WRITE_OFF: "No longer asked for",
    Kind.RECOVERED: "Asked for again, as you paid it after all",
}
"""What changes what a client owes, in words for them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change: above nothing is owed more, below it less; the balance is what was owed afterwards."""

    at: datetime
    words: str
    why: str
    amount: Money
    balance: Money
    invoice: Invoice | None
    payment_id: int | None


def of(client: Person, *, most: int, offset: int = 0) -> Sequence[Line]:
    """Return the changes of a client's account, the latest first."""
    in_order = (LedgerTransaction.posted_at, LedgerEntry.id)
    balance = func.sum(LedgerEntry.amount_cents).over(
        partition_by=LedgerEntry.currency, order_by=in_order, rows=(None, 0)
    )
    query = (
        select(LedgerEntry, LedgerTransaction, balance, Refund.reason)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .outerjoin(Refund, Refund.uid == LedgerTransaction.reference)
        .where(LedgerEntry.client_id == client.id, LedgerEntry.account == Account.RECEIVABLE)
        .order_by(LedgerTransaction.posted_at.desc(), LedgerEntry.id.desc())
        .limit(most)
        .offset(offset)
        .options(
            joinedload(LedgerEntry.invoice).joinedload(Invoice.appointment).joinedload(Appointment.counselor),
        )
    )
    return [
        Line(
            at=posting.posted_at,
            words=WORDS[Kind(posting.kind)],
            why=REASONS.get(reason or "", ""),
            amount=entry.amount,
            balance=Money(int(after), entry.currency),
            invoice=entry.invoice,
            payment_id=posting.payment_id,
        )
        for entry, posting, after, reason in db.session.execute(query)
    ]
