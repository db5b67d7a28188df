"""Mail about what was not paid at booking: asked for once, when it is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from billing import owed
from billing.autopay import queries as autopay
from billing.invoicing import of as invoice_of
from billing.terms import queries
from billing.terms.models import AgreedPaying
from billing.terms.rules import FULL, charge_at
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, CONFIRMED
from practice.core import outbox
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice

REST = "billing.rest"
AHEAD, BEHIND = timedelta(days=3), timedelta(days=14)


def ask_for_the_rest(now: datetime) -> int:
    """Plan a letter for each session whose rest is due and that no card is charged for; return how many are new."""
    return sum(_ask(appointment, now) for appointment in _due(now))


@renders(REST)
def rest(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Ask for what is still to be paid; nothing once it is."""
    appointment = db.session.get_one(Appointment, message.payload["appointment_id"])
    amount, client = owed.to_pay(appointment), appointment.billed
    if not amount or appointment.status not in {CONFIRMED, COMPLETED}:
        return None
    return compose(
        "emails/billing/rest",
        to=client.email,
        subject=f"To be paid: {amount}",
        person=client,
        appointment=appointment,
        amount=amount,
        link=absolute("billing.pay", appointment_id=appointment.id),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )


def _due(now: datetime) -> Iterator[Appointment]:
    near = (
        select(Appointment)
        .join(AgreedPaying, AgreedPaying.appointment_id == Appointment.id)
        .where(
            AgreedPaying.booking != FULL,
            Appointment.status.in_((CONFIRMED, COMPLETED)),
            Appointment.starts_at > now - BEHIND,
            Appointment.starts_at < now + AHEAD,
        )
        .order_by(Appointment.id)
    )
    for appointment in db.session.scalars(near):
        rule = queries.agreed_on(appointment).rest
        if charge_at(appointment.starts_at, appointment.ends_at, rule, appointment.billed.zone) <= now:
            yield appointment


def _ask(appointment: Appointment, now: datetime) -> bool:
    invoice = invoice_of(appointment)
    if invoice is None or autopay.card_for(invoice) or not owed.to_pay(appointment):
        return False
    return outbox.plan(
        key=f"{REST}:{appointment.id}",
        kind=REST,
        due_at=now,
        now=now,
        recipient_id=appointment.billed.id,
        payload={"appointment_id": appointment.id},
        subject=("appointment", appointment.id),
    )
