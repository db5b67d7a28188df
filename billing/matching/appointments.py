"""Where the books and the appointments part: what stands is billed as agreed, and what is off holds no money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Subquery, exists, func, select
from sqlalchemy.orm import contains_eager

from billing import coming
from billing.ledger.posting import Account
from billing.matching.kinds import Found
from billing.models import Invoice, LedgerEntry, Payment, Refund
from billing.states import LATE, PENDING, PROCESSING, QUEUED, SENDING, TWICE
from booking.models.appointments import Appointment
from booking.models.fees import CHARGED, PROPOSED, FeeProposal
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from practice.core.db import db
from practice.core.money import Money

STANDING = (CONFIRMED, COMPLETED, NO_SHOW)
DECIDES_WITHIN = timedelta(days=7)
BILLED_WITHIN = timedelta(hours=2)
"""How long the hourly job may take to bill a session of a series that has come near."""


def differences(now: datetime) -> Iterator[Found]:
    """Return every difference between the books and the appointments."""
    yield from _unbilled(now)
    yield from _billed_otherwise()
    yield from _earned_cancelled()
    yield from _owed_to_clients()
    yield from _not_given_back()
    yield from _stuck(now)


def _unbilled(now: datetime) -> Iterator[Found]:
    billed = exists().where(Invoice.appointment_id == Appointment.id)
    query = select(Appointment).where(Appointment.status.in_(STANDING), Appointment.price_cents > 0, ~billed)
    for appointment in db.session.scalars(query):
        if not coming.waits(appointment, now - BILLED_WITHIN):
            at = appointment.starts_at
            about = str(appointment.id)
            yield Found("unbilled", about, appointment.price, 0, at, appointment_id=appointment.id)


def _billed_otherwise() -> Iterator[Found]:
    query = (
        select(Invoice, Appointment.price_cents)
        .join(Invoice.appointment)
        .where((Invoice.total_cents != Appointment.price_cents) | (Invoice.currency != Appointment.currency))
        .options(contains_eager(Invoice.appointment))
    )
    for invoice, price_cents in db.session.execute(query):
        over = Money(invoice.total_cents - price_cents, invoice.currency)
        yield _of(invoice, "billed_otherwise", over)


def _earned_cancelled() -> Iterator[Found]:
    """Find cancelled sessions without a fee, charged or waiting to be decided, that still count as earned."""
    fee = exists().where(FeeProposal.appointment_id == Appointment.id, FeeProposal.status.in_((CHARGED, PROPOSED)))
    earned = _standing_in(Account.INCOME)
    query = (
        select(Invoice, -earned.c.cents)
        .join(Invoice.appointment)
        .join(earned, earned.c.invoice_id == Invoice.id)
        .where(Appointment.status == CANCELLED, ~fee, earned.c.cents < 0)
        .options(contains_eager(Invoice.appointment))
    )
    for invoice, cents in db.session.execute(query):
        yield _of(invoice, "earned_cancelled", Money(int(cents), invoice.currency))


def _owed_to_clients() -> Iterator[Found]:
    """Find overpaid invoices of which nothing is on its way back: what is promised is credited, and then paid."""
    owed = _standing_in(Account.RECEIVABLE)
    waiting = Refund.status.in_((QUEUED, SENDING, PENDING))
    under_way = exists().where(Payment.invoice_id == Invoice.id, Payment.refunds.any(waiting))
    query = (
        select(Invoice, -owed.c.cents).join(owed, owed.c.invoice_id == Invoice.id).where(owed.c.cents < 0, ~under_way)
    )
    for invoice, cents in db.session.execute(query):
        yield _of(invoice, "owed_to_client", Money(int(cents), invoice.currency))


def _not_given_back() -> Iterator[Found]:
    query = select(Payment).where(Payment.fate.in_((LATE, TWICE)), Payment.refunded_cents < Payment.received_cents)
    for payment in db.session.scalars(query):
        at = payment.paid_at or payment.created_at
        yield Found("not_given_back", str(payment.id), payment.left, 0, at, payment_id=payment.id)


def _stuck(now: datetime) -> Iterator[Found]:
    query = select(Payment).where(Payment.status == PROCESSING, Payment.created_at < now - DECIDES_WITHIN)
    for payment in db.session.scalars(query):
        at = payment.created_at
        yield Found("stuck", str(payment.id), payment.amount, 0, at, payment_id=payment.id)


def _standing_in(account: Account) -> Subquery:
    return (
        select(LedgerEntry.invoice_id, func.sum(LedgerEntry.amount_cents).label("cents"))
        .where(LedgerEntry.account == account, LedgerEntry.invoice_id.is_not(None))
        .group_by(LedgerEntry.invoice_id)
        .subquery()
    )


def _of(invoice: Invoice, kind: str, amount: Money) -> Found:
    at = invoice.appointment.starts_at if invoice.appointment else invoice.issued_at
    return Found(kind, str(invoice.id), amount, 0, at, invoice_id=invoice.id, appointment_id=invoice.appointment_id)
