"""The calendars a counselor keeps elsewhere: added, listed, read now, removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from booking.models.appointments import Appointment
from booking.models.calendars import BusyTime, ExternalCalendar
from booking.policy import CONFIRMED
from practice.core import audit
from practice.core.db import db
from practice.models import Person

MOST = 10


class TooManyCalendarsError(Exception):
    """A counselor has as many calendars as can be read."""


def of(counselor: Person) -> Sequence[ExternalCalendar]:
    """Return a counselor's calendars, the first added first."""
    return db.session.scalars(
        select(ExternalCalendar).where(ExternalCalendar.counselor_id == counselor.id).order_by(ExternalCalendar.id)
    ).all()


def own(counselor: Person, calendar_id: int) -> ExternalCalendar | None:
    """Return one of a counselor's own calendars."""
    return db.session.scalars(
        select(ExternalCalendar).where(
            ExternalCalendar.id == calendar_id, ExternalCalendar.counselor_id == counselor.id
        )
    ).first()


def add(counselor: Person, *, label: str, address: str, now: datetime) -> ExternalCalendar:
    """Add a calendar, to be read at once. Raises TooManyCalendarsError."""
    mine = select(func.count()).where(ExternalCalendar.counselor_id == counselor.id)
    if (db.session.scalar(mine) or 0) >= MOST:
        raise TooManyCalendarsError
    calendar = ExternalCalendar(counselor_id=counselor.id, label=label, address=address, added_at=now, due_at=now)
    db.session.add(calendar)
    db.session.flush()
    _record("added", calendar)
    return calendar


def read_soon(calendar: ExternalCalendar, now: datetime) -> None:
    """Have a calendar read at the next tick."""
    calendar.due_at = min(calendar.due_at, now)
    db.session.flush()


def remove(calendar: ExternalCalendar) -> None:
    """Forget a calendar; its times block nothing any more."""
    _record("removed", calendar)
    db.session.execute(delete(BusyTime).where(BusyTime.calendar_id == calendar.id))
    db.session.delete(calendar)
    db.session.flush()


def counts(counselor: Person, now: datetime) -> dict[int, int]:
    """Return how many stretches of busy time ahead each of a counselor's calendars has."""
    rows = db.session.execute(
        select(BusyTime.calendar_id, func.count().label("busy"))
        .where(BusyTime.counselor_id == counselor.id, BusyTime.ends_at > now)
        .group_by(BusyTime.calendar_id)
    )
    return {each.calendar_id: each.busy for each in rows}


def clashes(counselor: Person, now: datetime, *, most: int = 10) -> Sequence[Appointment]:
    """Return the sessions ahead that fall into busy times; they stay booked, whichever was there first."""
    busy = (
        select(BusyTime.id)
        .where(
            BusyTime.counselor_id == Appointment.counselor_id,
            BusyTime.starts_at < Appointment.ends_at,
            BusyTime.ends_at > Appointment.starts_at,
        )
        .exists()
    )
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.counselor_id == counselor.id, Appointment.status == CONFIRMED, Appointment.starts_at > now, busy
        )
        .order_by(Appointment.starts_at)
        .limit(most)
    ).all()


def _record(deed: str, calendar: ExternalCalendar) -> None:
    audit.record(f"calendar.{deed}", person_id=calendar.counselor_id, subject=("calendar", calendar.id), detail={})
