"""Tells clients two weeks ahead that their hour moves, because the clocks change on different days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.policy import COMPLETED, CONFIRMED, NO_SHOW
from booking.series import clocks, notices
from booking.series.rules import minute_on_wall
from practice.core.db import db
from practice.core.scheduler import every
from practice.models import Person

AHEAD = timedelta(days=14)


@every(3600, "booking.series_hours")
def tell_of_moving_hours(now: datetime) -> None:
    """Plan one letter for each change of the clocks that moves a client's hour within two weeks.

    Found anew at each run, so that sessions moved or cancelled since are not spoken of; the key of the letter is the
    series and the day of the change, so that it is written once.
    """
    soon = select(Appointment.series_id).where(
        Appointment.status == CONFIRMED, Appointment.starts_at > now, Appointment.starts_at <= now + AHEAD
    )
    for series in db.session.scalars(
        select(AppointmentSeries)
        .join(Person, Person.id == AppointmentSeries.client_id)
        .where(AppointmentSeries.id.in_(soon), Person.zone != AppointmentSeries.zone)
        .order_by(AppointmentSeries.id)
    ):
        _tell(series, now)


def _tell(series: AppointmentSeries, now: datetime) -> None:
    sessions = [each for each in _kept(series.id) if minute_on_wall(each.starts_at, series.zone)[1] == series.minute]
    for change in clocks.hour_changes([each.starts_at for each in sessions], series.zone, series.client.zone):
        appointment = sessions[change.number]
        if appointment.status == CONFIRMED and now < appointment.starts_at <= now + AHEAD:
            notices.tell_hour_moves(series, appointment, change.before, change.changed_on.isoformat(), now)


def _kept(series_id: int) -> list[Appointment]:
    return list(
        db.session.scalars(
            select(Appointment)
            .where(Appointment.series_id == series_id, Appointment.status.in_((CONFIRMED, COMPLETED, NO_SHOW)))
            .order_by(Appointment.starts_at)
        )
    )
