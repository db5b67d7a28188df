"""What clients say before they go in, and what counselors answer for."""

from __future__ import annotations

from datetime import datetime

from booking.models.appointments import Appointment
from practice.core import audit
from practice.core.db import db
from practice.core.formats import local
from practice.core.settings import settings
from practice.models import Person
from video import passes
from video import queries as rooms
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


def leave_to_meet(arrival: Arrival) -> str:
    """Sign the practice's word that nothing speaks against letting a client in; nothing while a reason is missing.

    The media server asks for it where the client's own way in says that they are held.
    """
    room = rooms.room_of(arrival.appointment)
    if arrival.needs_reason or room is None:
        return ""
    claims, until = passes.meeting(room.uid, str(arrival.person_id)), rooms.window(arrival.appointment).closes_at
    return passes.sign(passes.MEET, claims, settings().media_key, until=until)


def _compared(counselor: Person, told: Told, now: datetime) -> Licensed:
    profile = counselor.profile
    today = local(now, counselor.zone).date()
    return licensed(profile.licences if profile else (), told.said["country"], told.said["region"], today=today)
