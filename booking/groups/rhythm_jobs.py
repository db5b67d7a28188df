"""Tells people of a group two weeks ahead that their hour moves, because the clocks change on different days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from booking.groups import rhythm_letters
from booking.models.appointments import Appointment
from booking.models.groups import GroupSeries, GroupSession
from booking.policy import COMPLETED, CONFIRMED, NO_SHOW
from booking.series import clocks
from booking.series.jobs import AHEAD
from booking.series.rules import minute_on_wall
from practice.core.db import db
from practice.core.scheduler import every
from practice.models import Person


@every(3600, "booking.group_hours")
def tell_of_moving_hours(now: datetime) -> None:
    """Plan one letter for each person and each change of the clocks that moves their hour within two weeks."""
    soon = (
        select(GroupSession.series_id)
        .join(Appointment, Appointment.group_session_id == GroupSession.id)
        .where(Appointment.status == CONFIRMED, Appointment.starts_at > now, Appointment.starts_at <= now + AHEAD)
    )
    for series in db.session.scalars(select(GroupSeries).where(GroupSeries.id.in_(soon)).order_by(GroupSeries.id)):
        for _, places in groupby(_kept(series), key=lambda each: each.client_id):
            _tell(series, list(places), now)


def _tell(series: GroupSeries, places: Sequence[Appointment], now: datetime) -> None:
    places = [each for each in places if minute_on_wall(each.starts_at, series.zone)[1] == series.minute]
    starts = [each.starts_at for each in places]
    for change in clocks.hour_changes(starts, series.zone, places[0].client.zone) if places else ():
        place = places[change.number]
        if place.status == CONFIRMED and now < place.starts_at <= now + AHEAD:
            rhythm_letters.tell_hour_moves(series, place, change.before, change.changed_on.isoformat(), now)


def _kept(series: GroupSeries) -> Sequence[Appointment]:
    """Return everybody's places in these sessions whose clocks may differ, by person and in order."""
    return db.session.scalars(
        select(Appointment)
        .join(GroupSession, Appointment.group_session_id == GroupSession.id)
        .join(Person, Person.id == Appointment.client_id)
        .where(
            GroupSession.series_id == series.id,
            Appointment.status.in_((CONFIRMED, COMPLETED, NO_SHOW)),
            Person.zone != series.zone,
        )
        .order_by(Appointment.client_id, Appointment.starts_at)
    ).all()
