"""What was said before which session."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from video import queries
from video.arrivals.models import Arrival


def told(appointment: Appointment, person: Person) -> Arrival | None:
    """Find what somebody said for this session, since its room opened; a session that was moved asks again."""
    return db.session.scalars(
        select(Arrival)
        .where(
            Arrival.appointment_id == appointment.id,
            Arrival.person_id == person.id,
            Arrival.told_at >= queries.window(appointment).opens_at,
        )
        .order_by(Arrival.told_at.desc(), Arrival.id.desc())
        .limit(1)
    ).first()


def remembered(person: Person) -> Arrival | None:
    """Find where somebody last said they were."""
    latest = select(Arrival).where(Arrival.person_id == person.id)
    return next((each for each in _newest(latest.limit(10)) if each.place), None)


def in_session(appointment: Appointment) -> list[Arrival]:
    """Return the last word of each client about a session, whoever shares it."""
    mine = select(Appointment.id).where(Appointment.id == appointment.id)
    if appointment.group_session_id is not None:
        mine = select(Appointment.id).where(Appointment.group_session_id == appointment.group_session_id)
    since = queries.window(appointment).opens_at
    rows = _newest(select(Arrival).where(Arrival.appointment_id.in_(mine), Arrival.told_at >= since))
    return list({each.person_id: each for each in reversed(rows)}.values())


def one_of(appointment: Appointment, arrival_id: int) -> Arrival | None:
    """Find one of the last words about a session."""
    return next((each for each in in_session(appointment) if each.id == arrival_id), None)


def _newest(wanted: Select[Arrival]) -> list[Arrival]:
    whole = wanted.options(selectinload(Arrival.person)).order_by(Arrival.told_at.desc(), Arrival.id.desc())
    return list(db.session.scalars(whole))
