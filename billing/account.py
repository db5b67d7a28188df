"""A client's account: everything that changed what they owe, with what they owed after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, null, select
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
    Kind.MANUAL_PAYMENT: "You paid",
    Kind.MANUAL_UNDONE: "A payment was taken back out of the books",
    Kind.CREDIT_SOLD: "Billed for sessions bought ahead",
    Kind.CREDIT_UNSOLD: "No longer asked for, as the sessions are not wanted any more",
    Kind.CREDIT_USED: "Paid from your credit",
    Kind.CREDIT_RESTORED: "Went back to your credit",
    Kind.REFUND_TO_CREDIT: "Became your credit",
    Kind.CREDIT_TAKEN_BACK: "Is no longer your credit, as it went back to your card",
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
    kind: Kind


def of(client: Person, *, most: int, offset: int = 0) -> Sequence[Line]:
    """Return the changes of a client's account, the latest first."""
    in_order = (LedgerTransaction.posted_at, LedgerEntry.id)
    balance = func.sum(LedgerEntry.amount_cents).over(
        partition_by=LedgerEntry.currency, order_by=in_order, rows=(None, 0)
    )
    query = _changes(client, balance).order_by(LedgerTransaction.posted_at.desc(), LedgerEntry.id.desc())
    rows = db.session.execute(query.limit(most).offset(offset))
    return [_line(entry, posting, reason, Money(int(after), entry.currency)) for entry, posting, reason, after in rows]


def before(client: Person, instant: datetime) -> dict[str, int]:
    """Return what a client owed at an instant, in cents by currency; every currency they were ever billed in."""
    cents = case((LedgerTransaction.posted_at < instant, LedgerEntry.amount_cents), else_=0)
    query = (
        select(LedgerEntry.currency, func.sum(cents))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerEntry.client_id == client.id, LedgerEntry.account == Account.RECEIVABLE)
        .group_by(LedgerEntry.currency)
        .order_by(LedgerEntry.currency)
    )
    return {currency: int(total) for currency, total in db.session.execute(query)}


def held_before(client: Person, instant: datetime) -> dict[str, int]:
    """Return what the practice held of a client's money at an instant as credit, in cents by currency."""
    query = (
        select(LedgerEntry.currency, -func.sum(LedgerEntry.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(LedgerEntry.client_id == client.id, LedgerEntry.account == Account.CREDIT)
        .where(LedgerTransaction.posted_at < instant)
        .group_by(LedgerEntry.currency)
    )
    return {currency: int(total) for currency, total in db.session.execute(query)}


def between(client: Person, starts: datetime, ends: datetime) -> Sequence[Line]:
    """Return the changes from one instant until another, the first first, each with what was owed after it."""
    owed = before(client, starts)
    query = _changes(client, null()).where(LedgerTransaction.posted_at >= starts, LedgerTransaction.posted_at < ends)
    found = []
    for entry, posting, reason, _ in db.session.execute(query.order_by(LedgerTransaction.posted_at, LedgerEntry.id)):
        owed[entry.currency] += entry.amount_cents
        found.append(_line(entry, posting, reason, Money(owed[entry.currency], entry.currency)))
    return found


def _changes(client: Person, balance: Any) -> Select[Any]:
    return (
        select(LedgerEntry, LedgerTransaction, Refund.reason, balance)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .outerjoin(Refund, Refund.uid == LedgerTransaction.reference)
        .where(LedgerEntry.client_id == client.id, LedgerEntry.account == Account.RECEIVABLE)
        .options(
            joinedload(LedgerEntry.invoice).joinedload(Invoice.appointment).joinedload(Appointment.counselor),
        )
    )


def _line(entry: LedgerEntry, posting: LedgerTransaction, reason: str | None, balance: Money) -> Line:
    return Line(
        at=posting.posted_at,
        words=WORDS[Kind(posting.kind)],
        why=REASONS.get(reason or "", ""),
        amount=entry.amount,
        balance=balance,
        invoice=entry.invoice,
        payment_id=posting.payment_id,
        kind=Kind(posting.kind),
    )
