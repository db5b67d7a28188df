"""Payments for tests, made the way people make them; and what the books come to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from billing import checking, payments
from billing.ledger.posting import balances
from billing.models import LedgerEntry, LedgerTransaction, Payment
from billing.states import NEW, OPEN
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from practice.core.payments import CheckoutRequest
from practice.core.ports import ports
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments


def pay_url(appointment: Appointment) -> str:
    """Return where an appointment is paid."""
    address = f"/appointments/{appointment.id}/payment"
    db.session.commit()  # reading began a transaction, and on SQLite that one keeps all others from writing
    return address


def planned() -> list[str]:
    """Name the letters about money."""
    return sorted(message.kind for message in db.session.scalars(select(OutboxMessage)) if "billing" in message.kind)


def the_payment() -> Payment:
    """Return the one payment there is, as it stands in the database."""
    return db.session.scalars(select(Payment).execution_options(populate_existing=True)).one()


def an_open_payment(appointment: Appointment, provider: FakePayments, now: datetime = NOW) -> Payment:
    """Send a client to the provider's page."""
    payment = payments.start(appointment, now=now)
    if payment.checkout_id is None:
        return sent_to_a_page(payment, provider)
    db.session.commit()
    return payment


def a_part_payment(appointment: Appointment, provider: FakePayments, cents: int, now: datetime = NOW) -> Payment:
    """Send a client to a page for a part of what is due. Raises CannotPayError where another page is open."""
    if any(payment.status in {NEW, OPEN} for payment in payments.of(appointment)):
        raise payments.CannotPayError("Another page is open.")
    part = Payment(
        appointment_id=appointment.id,
        client_id=appointment.billed.id,
        amount_cents=cents,
        currency=appointment.currency,
        created_at=now,
        checked_at=now,
        expires_at=now + payments.PAGE_LASTS,
    )
    db.session.add(part)
    db.session.flush()
    return sent_to_a_page(part, provider)


def a_paid(appointment: Appointment, provider: FakePayments, now: datetime = NOW) -> Payment:
    """Let a client pay, and hear of it."""
    return paid_on(an_open_payment(appointment, provider, now), provider, now)


def paid_on(payment: Payment, provider: FakePayments, now: datetime = NOW) -> Payment:
    """Let a client pay on an open page, and hear of it."""
    assert payment.checkout_id
    provider.pay(payment.checkout_id)
    return checking.check(provider, payment.id, now=now)


def sent_to_a_page(payment: Payment, provider: FakePayments) -> Payment:
    """Open the provider's page for a payment that was begun."""
    asked = CheckoutRequest(
        key=payment.uid,
        amount=payment.amount,
        label="Session",
        detail="",
        email=payment.client.email,
        success_url="http://localhost/",
        cancel_url="http://localhost/",
        expires_at=payment.expires_at,
        appointment_id=payment.appointment_id,
    )
    payments.opened(payment, provider.open_checkout(asked))
    db.session.commit()
    return payment


def send_refunds(now: datetime = NOW) -> None:
    """Let the scheduler send what is due."""
    checking.send_refunds(ports().payments, now=now)


def accounts(currency: str = "USD") -> dict[str, int]:
    """Return what every account comes to."""
    rows = db.session.execute(
        select(LedgerEntry.account, LedgerEntry.amount_cents).where(LedgerEntry.currency == currency)
    )
    return {account: cents for account, cents in balances((one, two) for one, two in rows).items() if cents}


def unbalanced() -> list[int]:
    """Find postings whose entries do not add up to nothing, trusting no guard."""
    query = (
        select(LedgerTransaction.id)
        .outerjoin(LedgerEntry)
        .group_by(LedgerTransaction.id)
        .having((func.coalesce(func.sum(LedgerEntry.amount_cents), 0) != 0) | (func.count(LedgerEntry.id) == 0))
    )
    return list(db.session.scalars(query))
