"""Bills the later sessions of a series one by one, a week before each, so that nobody owes for a year at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from billing import invoicing, payments
from billing.models import Invoice
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, CONFIRMED, NO_SHOW
from practice.core import outbox
from practice.core.db import db

AHEAD = timedelta(days=7)
LOOK_BACK = timedelta(days=60)
DUE = "billing.due"


def waits(appointment: Appointment, now: datetime) -> bool:
    """Tell whether an appointment is billed later: one of a series that is more than a week away."""
    return appointment.series_id is not None and appointment.starts_at > now + AHEAD


def bill_what_is_near(now: datetime) -> int:
    """Issue the invoices of sessions that are a week away or less, and ask for the money once; return how many."""
    near = (
        select(Appointment)
        .where(
            Appointment.series_id.is_not(None),
            Appointment.status.in_((CONFIRMED, COMPLETED, NO_SHOW)),
            Appointment.price_cents > 0,
            Appointment.starts_at > now - LOOK_BACK,
            Appointment.starts_at <= now + AHEAD,
            ~exists().where(Invoice.appointment_id == Appointment.id),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(500)
    )
    billed = 0
    for appointment in db.session.scalars(near).all():
        payments.lock(appointment)
        if appointment.status in {CONFIRMED, COMPLETED, NO_SHOW} and invoicing.of(appointment) is None:
            invoicing.issue(appointment, now=now)
            _ask(appointment, now)
            billed += 1
    return billed


def _ask(appointment: Appointment, now: datetime) -> None:
    outbox.plan(
        key=f"{DUE}:{appointment.id}",
        kind=DUE,
        due_at=now,
        now=now,
        recipient_id=appointment.client_id,
        payload={"appointment_id": appointment.id},
        subject=("appointment", appointment.id),
    )
