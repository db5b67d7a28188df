"""Find money for whoever may see it; somebody else's is not found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from billing.ledger.posting import Account
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Payment, Refund, WebhookEvent
from billing.outcomes import DUE, Billed, as_billed, billed, in_state
from billing.states import FAILED, PROCESSING, SUCCEEDED
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.core.spans import Span
from practice.models import Person


def invoice_for(viewer: Person, invoice_id: int) -> Billed | None:
    """Return an invoice to the client it bills or to the office."""
    query = billed([invoice_id]).options(selectinload(Invoice.lines))
    if not viewer.is_office:
        query = query.where(Invoice.client_id == viewer.id)
    row = db.session.execute(query).unique().first()
    return as_billed(row) if row else None


def payment_for(viewer: Person, payment_id: int) -> Payment | None:
    """Return a payment to the client who made it or to the office."""
    query = whole_payments().where(Payment.id == payment_id)
    if not viewer.is_office:
        query = query.where(Payment.client_id == viewer.id)
    return db.session.scalars(query).unique().first()


def invoices_of(client: Person, *, most: int = 1000, offset: int = 0) -> list[Billed]:
    """Return what a client was billed, the latest first, with the payments and what went back of them."""
    latest = _numbers_of(client).order_by(Invoice.number.desc()).limit(most).offset(offset)
    query = billed(db.session.scalars(latest).all()).order_by(Invoice.number.desc())
    whole = query.options(selectinload(Invoice.lines), selectinload(Invoice.payments).selectinload(Payment.refunds))
    return [as_billed(row) for row in db.session.execute(whole).unique()]


def due_of(client: Person) -> list[Billed]:
    """Return the invoices a client still has to pay, the oldest first."""
    query = billed(db.session.scalars(in_state(DUE, _numbers_of(client))).all()).order_by(Invoice.number)
    return [as_billed(row) for row in db.session.execute(query.options(selectinload(Invoice.lines))).unique()]


def loose_payments_of(client: Person) -> Sequence[Payment]:
    """Return the payments of a client that stand on no invoice: at the bank, too late, or a second time."""
    return (
        db.session.scalars(
            whole_payments()
            .where(
                Payment.client_id == client.id,
                Payment.invoice_id.is_(None),
                Payment.status.in_((SUCCEEDED, PROCESSING)),
            )
            .order_by(Payment.id.desc())
        )
        .unique()
        .all()
    )


def balances_of(client: Person) -> list[Money]:
    """Return what a client owes by currency; what the practice owes them is negative."""
    query = (
        select(LedgerEntry.currency, func.sum(LedgerEntry.amount_cents))
        .where(LedgerEntry.client_id == client.id, LedgerEntry.account == Account.RECEIVABLE)
        .group_by(LedgerEntry.currency)
    )
    return [Money(int(cents), currency) for currency, cents in db.session.execute(query) if cents]


def of_appointment(appointment: Appointment) -> Billed | None:
    """Return the invoice of an appointment."""
    found = select(Invoice.id).where(Invoice.appointment_id == appointment.id)
    row = db.session.execute(billed(found)).unique().first()
    return as_billed(row) if row else None


def billed_on(invoice: Invoice) -> Billed:
    """Return an invoice with what came of it."""
    return as_billed(db.session.execute(billed([invoice.id])).unique().one())


def payments_for_appointment(appointment: Appointment) -> Sequence[Payment]:
    """Return an appointment's payments, the newest first."""
    query = whole_payments().where(Payment.appointment_id == appointment.id).order_by(Payment.id.desc())
    return db.session.scalars(query).unique().all()


def events_of(payment: Payment) -> Sequence[WebhookEvent]:
    """Return the provider's news about a payment, in the order it came."""
    query = select(WebhookEvent).where(WebhookEvent.payment_id == payment.id)
    return db.session.scalars(query.order_by(WebhookEvent.received_at, WebhookEvent.created_at)).all()


def postings_of(payment: Payment) -> Sequence[LedgerTransaction]:
    """Return what the books say about a payment and its invoice."""
    about = LedgerTransaction.payment_id == payment.id
    if payment.invoice_id:
        billed_in = select(LedgerEntry.transaction_id).where(LedgerEntry.invoice_id == payment.invoice_id)
        about = or_(about, LedgerTransaction.id.in_(billed_in))
    query = select(LedgerTransaction).where(about).options(selectinload(LedgerTransaction.entries))
    return db.session.scalars(query.order_by(LedgerTransaction.posted_at, LedgerTransaction.id)).all()


def taken_in(span: Span) -> list[Money]:
    """Return what was received in a stretch of time, less what went back of it, by currency."""
    query = (
        select(Payment.currency, func.sum(Payment.received_cents))
        .where(Payment.paid_at >= span.starts_at, Payment.paid_at < span.ends_at)
        .group_by(Payment.currency)
    )
    return [Money(int(cents), currency) for currency, cents in db.session.execute(query)]


def due_in_all() -> list[Money]:
    """Return what clients owe the practice on invoices, by currency."""
    open_ = (
        select(LedgerEntry.currency, func.sum(LedgerEntry.amount_cents).label("cents"))
        .where(LedgerEntry.account == Account.RECEIVABLE, LedgerEntry.invoice_id.is_not(None))
        .group_by(LedgerEntry.currency, LedgerEntry.invoice_id)
        .having(func.sum(LedgerEntry.amount_cents) > 0)
        .subquery()
    )
    query = select(open_.c.currency, func.sum(open_.c.cents)).group_by(open_.c.currency)
    return [Money(int(cents), currency) for currency, cents in db.session.execute(query)]


def troubled_refunds() -> int:
    """Count refunds that failed and left something to be given back another way."""
    kept = Payment.refunded_cents < Payment.received_cents
    query = select(func.count()).select_from(Refund).join(Payment).where(Refund.status == FAILED, kept)
    return int(db.session.scalar(query) or 0)


def nothing(currency: str) -> list[Money]:
    """Return what stands where no currency has an amount."""
    return [Money.zero(currency)]


def whole_payments() -> Select[Payment]:
    """Select payments with everything a list or a page names."""
    return select(Payment).options(
        joinedload(Payment.client),
        joinedload(Payment.invoice),
        joinedload(Payment.appointment).joinedload(Appointment.counselor),
        joinedload(Payment.bill).joinedload(Invoice.counselor),
        selectinload(Payment.refunds),
    )


def _numbers_of(client: Person) -> Select[int]:
    return select(Invoice.id).where(Invoice.client_id == client.id)
