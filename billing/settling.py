"""Bringing what a client paid for an appointment down to what is kept of it."""

from __future__ import annotations

from datetime import datetime

from billing import fees, invoicing, payments, refunding
from billing.states import KEPT
from booking.models.appointments import Appointment
from practice.core.money import Money
from practice.models import Person


def keep(appointment: Appointment, amount: Money, *, reason: str, now: datetime, by: Person | None = None) -> Money:
    """Keep so much for an appointment: ask for what is missing and no more, promise back what is beyond it.

    Return what is beyond it and cannot go back to a card, because it came another way.
    """
    held = payments.paid_so_far(appointment)
    invoicing.reduce(appointment, to=fees.beyond(amount, held), now=now)
    return give_back(appointment, fees.beyond(held, amount), reason=reason, now=now, by=by)


def give_back(appointment: Appointment, amount: Money, *, reason: str, now: datetime, by: Person | None) -> Money:
    """Promise an amount back to the cards it came from, the latest payment first; return what no card takes."""
    rest = amount
    for payment in payments.of(appointment):
        part = min(rest, payment.left)
        if payment.fate == KEPT and part:
            refunding.request(payment, part, reason=reason, now=now, by=by)
            rest -= part
    return rest
