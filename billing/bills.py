"""Paying an invoice that is about no session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from billing import payments, queries
from billing.models import Invoice, Payment
from billing.payments import AlreadyPaidError, CannotPayError
from booking import guards
from practice.core.db import db


def start(invoice: Invoice, *, now: datetime) -> Payment:
    """Return the payment to send a person to, a new one only when none is open. Raises CannotPayError."""
    lock(invoice)
    billed = queries.billed_on(invoice)
    if billed.settled:
        raise AlreadyPaidError("This invoice is already paid.")
    if under_way := payments.resume(of(invoice), billed.due, now):
        return under_way
    if reason := why_not_payable(invoice):
        raise CannotPayError(reason)
    return payments.begin(Payment(bill_id=invoice.id, client_id=invoice.client_id), billed.due, now)


def lock(invoice: Invoice) -> None:
    """Let one transaction at a time decide about a bill and its money."""
    guards.lock_people(invoice.client_id, invoice.counselor_id)


def why_not_payable(invoice: Invoice) -> str:
    """Say why an invoice cannot be paid for now, or nothing."""
    return "" if queries.billed_on(invoice).due else "There is nothing to pay on this invoice any more."


def of(invoice: Invoice) -> list[Payment]:
    """Return the payments begun for an invoice about no session, the newest first."""
    chosen = select(Payment).where(Payment.bill_id == invoice.id).order_by(Payment.id.desc())
    return list(db.session.scalars(chosen.execution_options(populate_existing=True)))
