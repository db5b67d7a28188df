"""What clients say before they go in, and what counselors answer for."""

from __future__ import annotations

from datetime import datetime

from booking.models.appointments import Appointment
from practice.core import audit
from practice.core.db import db
from practice.core.formats import local
from practice.models import Person
from video.arrivals.forms import Told
from video.arrivals.models import Arrival
from video.arrivals.places import Licensed, licensed


def tell(appointment: Appointment, client: Person, told: Told, *, now: datetime) -> Arrival:
    """Keep where a client is for this session, compared with the licences of whoever they meet."""
    arrival = Arrival(
        appointment_id=appointment.id,
        person_id=client.id,
        told_at=now,
        said=told.said,
        privacy=told.privacy,
        licensed=_compared(appointment.counselor, told, now).value,
    )
    db.session.add(arrival)
    db.session.flush()
    audit.record("arrival.told", person_id=client.id, subject=("appointment", appointment.id))
    return arrival


def override(arrival: Arrival, counselor: Person, reason: str, *, now: datetime) -> None:
    """Note that the counselor meets somebody outside their licences, and why; the first word stands."""
    if not arrival.needs_reason:
        return
    arrival.overridden_at, arrival.overridden_by_id, arrival.override_reason = now, counselor.id, reason
    db.session.flush()
    audit.record("arrival.overridden", person_id=counselor.id, subject=("appointment", arrival.appointment_id))


def _compared(counselor: Person, told: Told, now: datetime) -> Licensed:
    profile = counselor.profile
    today = local(now, counselor.zone).date()
    return licensed(profile.licences if profile else (), told.said["country"], told.said["region"], today=today)
