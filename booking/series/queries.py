"""Finds series and their sessions for whoever may see them; somebody else's are not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.policy import CANCELLED, CONFIRMED, EXPIRED, HELD
from practice.core.db import db
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Running:
    """A series with what is still ahead of it."""

    series: AppointmentSeries
    ahead: int
    next_at: datetime
    last_at: datetime
    next_id: int
    """The session that comes next."""


def series_for(viewer: Person, series_id: int) -> AppointmentSeries | None:
    """Return a series to its client, its counselor or an administrator."""
    found = db.session.get(AppointmentSeries, series_id)
    if found is None or not (viewer.id in {found.client_id, found.counselor_id} or viewer.is_administrator):
        return None
    return found


def sessions_of(series_id: int) -> Sequence[Appointment]:
    """Return the sessions of a series in order; those whose hold ran out were never booked."""
    return db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.service, innerjoin=True))
        .where(Appointment.series_id == series_id, Appointment.status != EXPIRED)
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def standing(series_id: int, since: datetime) -> list[Appointment]:
    """Return the sessions of a series that stand and start after an instant, in order."""
    return [each for each in sessions_of(series_id) if each.status == CONFIRMED and each.starts_at > since]


def unpaid_holds(series_id: int, kept_at: datetime | None = None) -> Sequence[Appointment]:
    """Return the sessions that wait for the first to be paid, those whose time ran out included, in order.

    With an instant only those that were kept together then: a series that was lengthened has older ones.
    """
    statement = (
        select(Appointment)
        .where(
            Appointment.series_id == series_id,
            Appointment.status.in_((HELD, EXPIRED)),
            Appointment.confirmed_at.is_(None),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return db.session.scalars(
        statement if kept_at is None else statement.where(Appointment.created_at == kept_at)
    ).all()


def to_pay_first(appointment: Appointment) -> Appointment:
    """Return the session whose payment books all that are kept with this one; itself when it is kept alone."""
    if appointment.series_id is None or appointment.status != HELD:
        return appointment
    held = [each for each in unpaid_holds(appointment.series_id, appointment.created_at) if each.status == HELD]
    return held[0] if held else appointment


def last_of(series_id: int) -> Appointment | None:
    """Return the last session of a series that stands, took place or is being paid."""
    found = [each for each in sessions_of(series_id) if each.status != CANCELLED]
    return found[-1] if found else None


def running(
    now: datetime, *, counselor: Person | None = None, client: Person | None = None, most: int = 200
) -> list[Running]:
    """Return the series that still have a session ahead, the next one first."""
    next_at, last_at = func.min(Appointment.starts_at), func.max(Appointment.starts_at)
    ahead = aliased(Appointment)
    comes_next = (
        select(ahead.id)
        .where(ahead.series_id == AppointmentSeries.id, ahead.status == CONFIRMED, ahead.ends_at > now)
        .order_by(ahead.starts_at, ahead.id)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(AppointmentSeries, func.count(), next_at, last_at, comes_next)
        .join(Appointment, Appointment.series_id == AppointmentSeries.id)
        .where(Appointment.status == CONFIRMED, Appointment.ends_at > now)
        .group_by(AppointmentSeries.id)
        .order_by(next_at, AppointmentSeries.id)
        .limit(most)
    )
    if counselor is not None:
        statement = statement.where(AppointmentSeries.counselor_id == counselor.id)
    if client is not None:
        statement = statement.where(AppointmentSeries.client_id == client.id)
    return [Running(*row) for row in db.session.execute(statement).all()]
