"""Paying for a session from credit, on the page where it would be paid by card."""

from __future__ import annotations

from datetime import datetime

from billing import invoicing, payments
from billing.credit import queries, services
from billing.credit.services import CannotUseCreditError
from booking.models.appointments import Appointment
from booking.policy import HELD
from booking.refusals import BookingRefusedError
from booking.services import confirm
from practice.core.money import Money
from practice.models import Person


def usable_for(appointment: Appointment, now: datetime) -> Money:
    """Return how much of a session its payer's credit can pay now: of one that is held, all or nothing."""
    free = queries.free_for(appointment.billed.id, appointment.currency, now)
    if appointment.status == HELD and free < appointment.price:
        return Money.zero(appointment.currency)
    return free


def pay(appointment: Appointment, *, by: Person, now: datetime) -> Money:
    """Pay a session from credit; one that is held stands then. Returns how much. Raises CannotUseCreditError."""
    payments.lock(appointment)
    if appointment.status == HELD:
        if not usable_for(appointment, now):
            raise CannotUseCreditError("Your credit does not cover this session. Nothing was taken from it.")
        try:
            confirm(appointment, now=now)
        except BookingRefusedError as refusal:
            raise CannotUseCreditError(f"{refusal} Nothing was taken from your credit.") from refusal
    invoice = invoicing.of(appointment)
    return services.use(invoice, now=now, by=by) if invoice else Money.zero(appointment.currency)
