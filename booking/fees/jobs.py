"""Keeps what the terms promise where nobody has to decide: nothing is owed, so what was paid goes back by itself.

A day is left for correcting a slip: money that went back cannot be asked for again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.fees import services
from booking.models.appointments import Appointment
from booking.models.fees import BARRED, FeeProposal
from booking.policy import NO_SHOW
from practice.core.db import db
from practice.core.scheduler import every

CORRECTABLE = timedelta(days=1)
LOOKS_BACK = timedelta(days=15)
"""After this long without a running scheduler somebody has to look at the fees themselves."""


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
