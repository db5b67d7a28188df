"""Makes the demo's weekly regulars of one counselor the series that they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.models.services import Service
from booking.policy import CONFIRMED, INDIVIDUAL
from booking.series.rules import WEEKLY, minute_on_wall
from practice.core import seeds
from practice.core.db import db
from practice.models import Person, Practice

ORDER = 21
COUNSELOR, REGULARS = "ines", ("alice", "ben", "chloe")
LEAST = 3


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Let clients book individual sessions as a series, and show three who do."""
    for service in db.session.scalars(select(Service).where(Service.kind == INDIVIDUAL, Service.price_cents > 0)):
        service.recurring_allowed = True
    for key in REGULARS:
        if COUNSELOR in people and key in people:
            _gather(people[COUNSELOR], people[key], now)


def _gather(counselor: Person, client: Person, now: datetime) -> None:
    """Find the hour at which the two meet every week, and call its sessions a series."""
    hours: dict[tuple[int, int, int], list[Appointment]] = defaultdict(list)
    for appointment in db.session.scalars(
        select(Appointment)
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.client_id == client.id,
            Appointment.status == CONFIRMED,
            Appointment.starts_at > now,
        )
        .order_by(Appointment.starts_at)
    ):
        day, minute = minute_on_wall(appointment.starts_at, counselor.zone)
        hours[day.weekday(), minute, appointment.service_id].append(appointment)
    for (weekday, minute, service_id), sessions in hours.items():
        if len(sessions) >= LEAST:
            series = AppointmentSeries(
                counselor_id=counselor.id,
                client_id=client.id,
                service_id=service_id,
                created_by_id=counselor.id,
                zone=counselor.zone,
                frequency=WEEKLY,
                every=1,
                weekday=weekday,
                minute=minute,
                first_on=minute_on_wall(sessions[0].starts_at, counselor.zone)[0],
                sessions=len(sessions),
                created_at=sessions[0].created_at,
                changed_at=sessions[0].created_at,
            )
            db.session.add(series)
            db.session.flush()
            for each in sessions:
                each.series_id = series.id


seeds.register(ORDER, seed)
