"""What becomes of money that came by hand or from credit when a session does not take place."""

from __future__ import annotations

from billing import fees, invoicing, payments
from billing.credit import queries, services
from booking import events
from booking.events import Cancelled, FeeSettled
from booking.models.appointments import Appointment
from booking.policy import Side
from practice.core.money import Money
from practice.models import Person


def subscribe() -> None:
    """Listen to booking, after whoever gives cards back."""
    events.cancelled.subscribe(settle_cancelled)
    events.fee_settled.subscribe(settle_fee)


def settle_cancelled(happened: Cancelled) -> None:
    """Give everything back as credit, unless the client came too late: then somebody decides about a fee first."""
    if not (happened.side is Side.CLIENT and happened.late):
        _keep(happened.appointment, Money.zero(happened.appointment.currency), happened.by, happened)


def settle_fee(happened: FeeSettled) -> None:
    """Keep what the fee asks for beyond what a card has paid of it, and give the rest back as credit."""
    _keep(happened.appointment, happened.fee, happened.by, happened)


def _keep(appointment: Appointment, fee: Money, by: Person | None, happened: Cancelled | FeeSettled) -> None:
    invoice = invoicing.of(appointment)
    if invoice is None:
        return
    beyond = fees.beyond(payments.paid_so_far(appointment), fee)
    back = min(beyond, queries.paid_besides_cards(invoice))
    if back.cents > 0:
        services.give_back(invoice, back, now=happened.now, by=by)
