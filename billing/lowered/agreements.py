"""What booking asks: which price was agreed with a client."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from billing.ledger import balances
from billing.ledger.posting import Kind
from billing.lowered import queries, redeeming
from booking import events, prices
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import Side
from practice.core.money import Money
from practice.models import Person
from practice.queries.people import the_practice


def sign_up() -> None:
    """Let booking ask, and hear of sessions that are called off."""
    prices.lowers(agreed_price)
    prices.reduces(taken_off_the_bill)
    events.cancelled.subscribe(release_cancelled)
    events.released.subscribe(release_held)


def agreed_price(client: Person, service: Service, now: datetime) -> Money | None:
    """Return what a client pays by the price agreed with them."""
    today = now.astimezone(ZoneInfo(the_practice().zone)).date()
    found = queries.in_force(client.id, today)
    return found.of(service.price) if found else None


def taken_off_the_bill(appointment: Appointment) -> Money | None:
    """Return what a code took off a session that was billed already; before that it lowered the price itself."""
    used = queries.used_for(appointment.id)
    credited = balances.posted(Kind.CREDIT, f"voucher.{used.id}") if used else 0
    return Money(credited, appointment.currency) if credited else None


def release_cancelled(happened: events.Cancelled) -> None:
    """Let a code be used again, unless its client called the session off too late."""
    if not (happened.side is Side.CLIENT and happened.late):
        redeeming.release(happened.appointment, now=happened.now)


def release_held(happened: events.Released) -> None:
    """Let a code be used again whose session was never booked."""
    redeeming.release(happened.appointment, now=happened.now)
