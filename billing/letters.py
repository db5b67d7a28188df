"""Mail about money: plain amounts, and nothing about what a session is for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing import coming, invoicing, owed
from billing.autopay import queries as autopay
from billing.models import Payment, Refund
from billing.states import CREDIT, DEAD_REFUNDS, REASONS
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice


@renders("billing.receipt")
def receipt(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Thank for a payment and point to its receipt."""
    payment = db.session.get_one(Payment, message.payload["payment_id"])
    link = absolute("billing.receipt", payment_id=payment.id)
    return _letter("receipt", f"Receipt for {payment.received}", payment, link)


@renders(coming.DUE)
def due(message: OutboxMessage, now: datetime) -> Mail | None:
    """Ask for what a session of a series costs; nothing once it is paid, called off, or charged by itself."""
    appointment = db.session.get_one(Appointment, message.payload["appointment_id"])
    amount = owed.to_pay(appointment)
    invoice = invoicing.of(appointment)
    by_itself = invoice is not None and autopay.card_for(invoice) is not None
    if by_itself or not amount or appointment.status != CONFIRMED or appointment.starts_at <= now:
        return None
    client = appointment.client
    return compose(
        "emails/billing/due",
        to=client.email,
        subject=f"To be paid: {amount}",
        person=client,
        appointment=appointment,
        amount=amount,
        link=absolute("billing.pay", appointment_id=appointment.id),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )


@renders("billing.late")
def late(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Say that the money goes back because the time was gone."""
    payment = db.session.get_one(Payment, message.payload["payment_id"])
    link = absolute("booking.counselor", counselor_id=payment.counselor.id)
    return _letter("late", f"{payment.received} is on its way back to you", payment, link)


@renders("billing.twice")
def twice(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Say that the second payment goes back."""
    payment = db.session.get_one(Payment, message.payload["payment_id"])
    subject = f"You paid twice; {payment.received} is on its way back"
    return _letter("twice", subject, payment, absolute("billing.mine"))


@renders("billing.refund")
def refund(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Say that money goes back; nothing when it did not after all."""
    found = db.session.get_one(Refund, message.payload["refund_id"])
    if found.status in DEAD_REFUNDS:
        return None
    if found.way == CREDIT:
        subject, link = f"{found.amount} is your credit now", absolute("billing.credit")
        return _letter("refund_to_credit", subject, found.payment, link, refund=found, reason=REASONS[found.reason])
    subject, link = f"{found.amount} is on its way back to you", absolute("billing.mine")
    return _letter("refund", subject, found.payment, link, refund=found, reason=REASONS[found.reason])


def _letter(name: str, subject: str, payment: Payment, link: str, **context: Any) -> Mail:
    practice = db.session.get_one(Practice, 1)
    return compose(
        f"emails/billing/{name}",
        to=payment.client.email,
        subject=subject,
        payment=payment,
        link=link,
        zone=payment.client.zone,
        practice_name=practice.name,
        base_url=settings().base_url,
        **context,
    )
