"""What a client pays for a service, and whether it is paid ahead: features above booking sign up here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

Agreement = Callable[[Person, Service, datetime], Money | None]
Cover = Callable[[Person, Service, datetime], bool]
Reduction = Callable[[Appointment], Money | None]
_agreements: dict[str, Agreement] = {}
_covers: dict[str, Cover] = {}
_reductions: dict[str, Reduction] = {}


def lowers(agreement: Agreement) -> Agreement:
    """Sign up whoever knows a price agreed with a client, or None; signing up twice counts once."""
    _agreements[f"{agreement.__module__}.{agreement.__qualname__}"] = agreement
    return agreement


def covers(cover: Cover) -> Cover:
    """Sign up whoever knows that a client has paid for a session of this kind ahead."""
    _covers[f"{cover.__module__}.{cover.__qualname__}"] = cover
    return cover


def reduces(reduction: Reduction) -> Reduction:
    """Sign up whoever knows what was taken off a session's price once it was billed, or None."""
    _reductions[f"{reduction.__module__}.{reduction.__qualname__}"] = reduction
    return reduction


def after_all(appointment: Appointment) -> Money:
    """Return what a session costs after all: its price, less what was taken off since; never less than nothing."""
    price = appointment.price
    for reduction in _reductions.values():
        price -= reduction(appointment) or Money.zero(price.currency)
    return max(price, Money.zero(price.currency), key=lambda money: money.cents)


def agreed(client: Person, service: Service, now: datetime) -> Money:
    """Return the lowest price that holds for a client who books now; never more than the service costs."""
    found = (agreement(client, service, now) for agreement in _agreements.values())
    return min((price for price in found if price is not None), default=service.price, key=lambda price: price.cents)


def is_covered(client: Person, service: Service, now: datetime) -> bool:
    """Tell whether a session of this kind is paid for ahead, so that nobody has to pay before it stands."""
    return any(cover(client, service, now) for cover in _covers.values())


def change(appointment: Appointment, price: Money, now: datetime) -> None:
    """Give a session that nobody was billed for another price."""
    appointment.price_cents, appointment.changed_at = price.cents, now
    db.session.flush()
