"""Which appointments and shared sessions take time away at an instant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, literal_column, or_

from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, GroupSession
from booking.policy import COMPLETED, CONFIRMED, HELD, NO_SHOW


def still_live(now: Any) -> Any:
    """Match appointments that take time away now: a hold only until it runs out."""
    settled = Appointment.status.in_([literal_column(f"'{each}'") for each in (CONFIRMED, COMPLETED, NO_SHOW)])
    return or_(settled, and_(Appointment.status == literal_column(f"'{HELD}'"), Appointment.held_until > now))


def still_standing(now: Any) -> Any:
    """Match shared sessions that take time away now: one that waits for a payment only until it runs out."""
    held = and_(GroupSession.status == literal_column(f"'{HELD}'"), GroupSession.held_until > now)
    return or_(GroupSession.status == literal_column(f"'{SCHEDULED}'"), held)
