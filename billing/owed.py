"""What is still to be paid for an appointment: its price, or the fee that was charged for one that did not happen."""

from __future__ import annotations

from sqlalchemy import select

from billing import queries
from billing.terms import queries as terms
from billing.terms.rules import DEPOSIT
from booking.models.appointments import Appointment
from booking.models.fees import CHARGED, FeeProposal
from booking.policy import HELD
from practice.core.db import db
from practice.core.money import Money


def to_pay(appointment: Appointment) -> Money:
    """Return what a client has to pay: what the invoice still asks for, or what books the time where there is none."""
    billed = queries.of_appointment(appointment)
    if billed:
        return billed.due
    agreed = terms.agreed_on(appointment)
    return agreed.deposit if agreed.booking == DEPOSIT and appointment.status == HELD else appointment.price


def fee_of(appointment: Appointment) -> Money | None:
    """Return the fee that somebody charged for an appointment and that nobody paid; None where there is none."""
    charged = select(FeeProposal.id).where(FeeProposal.appointment_id == appointment.id, FeeProposal.status == CHARGED)
    if db.session.scalar(charged) is None:
        return None
    billed = queries.of_appointment(appointment)
    return billed.due if billed and billed.due else None
