"""Keeps what the terms promise where nobody has to decide: what is not owed goes back, what was agreed is charged.

A day is left for correcting a slip: money that went back cannot be asked for again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.fees import services
from booking.models.appointments import Appointment
from booking.models.fees import BARRED, CORRECTABLE, PROPOSED, FeeProposal
from booking.models.policies import BookingPolicy
from booking.policy import NO_SHOW
from practice.core.db import db
from practice.core.scheduler import every

LOOKS_BACK = timedelta(days=15)
"""After this long without a running scheduler somebody has to look at the fees themselves."""


@every(3600, "booking.charge_fees")
def charge_fees(now: datetime) -> None:
    """Charge fees that nobody decided about within a day, where the client accepted that they are."""
    due = (
        select(FeeProposal)
        .join(FeeProposal.appointment)
        .join(Appointment.accepted_policy)
        .where(
            BookingPolicy.automatic,
            FeeProposal.status == PROPOSED,
            FeeProposal.proposed_at <= now - CORRECTABLE,
            FeeProposal.proposed_at > now - LOOKS_BACK,
        )
    )
    for proposal in db.session.scalars(due.order_by(FeeProposal.id)).all():
        services.charge_by_rule(proposal, now)


@every(3600, "booking.give_back")
def give_back(now: datetime) -> None:
    """Give back what was paid for missed sessions that cost nothing, and where the technology failed."""
    for appointment in db.session.scalars(
        select(Appointment)
        .outerjoin(FeeProposal, FeeProposal.appointment_id == Appointment.id)
        .where(
            Appointment.status == NO_SHOW,
            Appointment.closed_at <= now - CORRECTABLE,
            Appointment.closed_at > now - LOOKS_BACK,
            Appointment.price_cents > 0,
            FeeProposal.id.is_(None),
        )
        .order_by(Appointment.id)
    ).all():
        services.settle_missed(appointment, now)
    for proposal in db.session.scalars(
        select(FeeProposal)
        .where(FeeProposal.status == BARRED, FeeProposal.proposed_at <= now - CORRECTABLE)
        .order_by(FeeProposal.id)
    ).all():
        services.let_barred_go(proposal, now)
