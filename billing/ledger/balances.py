"""What an invoice comes to in the books, as the current transaction sees them."""

from __future__ import annotations

from sqlalchemy import func, select

from billing.ledger.posting import GIVES_BACK, PAYS, Account, Kind
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Payment, Refund
from billing.states import UNDER_WAY
from practice.core.db import db
from practice.core.money import Money


def of_invoice(invoice: Invoice) -> Money:
    """Return what the client still owes on an invoice; what they paid beyond it is negative."""
    owed = select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0)).where(
        LedgerEntry.invoice_id == invoice.id, LedgerEntry.account == Account.RECEIVABLE
    )
    return Money(int(db.session.scalar(owed) or 0), invoice.currency)


def written_off(invoice: Invoice) -> Money:
    """Return what was written off an invoice and did not come after all."""
    lost = (
        select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(
            LedgerEntry.invoice_id == invoice.id,
            LedgerEntry.account == Account.WRITTEN_OFF,
            LedgerTransaction.kind.in_((Kind.WRITE_OFF, Kind.RECOVERED)),
        )
    )
    return Money(int(db.session.scalar(lost) or 0), invoice.currency)


def held(invoice: Invoice) -> Money:
    """Return what was paid for an invoice, in whatever way, and neither went back nor is promised back."""
    moved = (
        select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(
            LedgerEntry.invoice_id == invoice.id,
            LedgerEntry.account == Account.RECEIVABLE,
            LedgerTransaction.kind.in_(PAYS | GIVES_BACK),
        )
    )
    return -Money(int(db.session.scalar(moved) or 0), invoice.currency) - promised(invoice)


def promised(invoice: Invoice) -> Money:
    """Return what is promised back of an invoice's payments and has not arrived."""
    waiting = (
        select(func.coalesce(func.sum(Refund.amount_cents), 0))
        .join(Payment)
        .where(Payment.invoice_id == invoice.id, Refund.status.in_(UNDER_WAY))
    )
    return Money(int(db.session.scalar(waiting) or 0), invoice.currency)


def overpaid(payment: Payment) -> Money:
    """Return what was paid beyond the payment's invoice and is not promised back yet."""
    nothing = Money.zero(payment.currency)
    if payment.invoice is None:
        return nothing
    after_all = of_invoice(payment.invoice) + promised(payment.invoice)
    return -after_all if after_all < nothing else nothing


def posted(kind: Kind, reference: str) -> int:
    """Return how many cents were posted under a kind and a reference; nothing is 0."""
    found = select(LedgerTransaction.amount_cents).where(
        LedgerTransaction.kind == kind, LedgerTransaction.reference == reference
    )
    return int(db.session.scalar(found) or 0)
