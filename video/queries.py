"""Which rooms there are for whom, and what their logs say."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from booking.models.appointments import Appointment
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from booking.queries import appointment_for
from practice.core.db import db
from practice.core.settings import settings
from practice.models import Person
from video.attendance import WaitingPerson, waiting
from video.models import Room
from video.window import Window, window_of

STANDING = (CONFIRMED, COMPLETED, NO_SHOW)
"""What has a room: a session marked as over, or as missed, while people are still in it does not lock them out."""


def session_of(person: Person, appointment_id: int) -> Appointment | None:
    """Find an appointment that a person is client or counselor of; nobody else ever gets near a room."""
    appointment = appointment_for(person, appointment_id)
    if appointment is None or person.id not in (appointment.client_id, appointment.counselor_id):
        return None
    return appointment


def window(appointment: Appointment) -> Window:
    """Tell when an appointment's room is open."""
    return window_of(
        appointment.span,
        minutes_before=settings().room_opens_minutes_before,
        minutes_after=settings().room_closes_minutes_after,
    )


def room_of(appointment: Appointment) -> Room | None:
    """Find an appointment's room."""
    return db.session.scalar(select(Room).where(Room.appointment_id == appointment.id))


def called_off(uids: list[str]) -> list[str]:
    """Return which of these rooms have nobody left whose session stands."""
    rows = db.session.execute(
        select(Room.uid, Appointment).join(Room.appointment).where(Room.uid.in_(uids), Appointment.status == CANCELLED)
    ).all()
    return [uid for uid, appointment in rows if not _others_stand(appointment)]


def _others_stand(appointment: Appointment) -> bool:
    if appointment.group_session_id is None:
        return False
    shared = select(Appointment.id).where(
        Appointment.group_session_id == appointment.group_session_id, Appointment.status.in_(STANDING)
    )
    return db.session.scalars(shared).first() is not None


def people_waiting(now: datetime, *, counselor: Person | None = None) -> list[tuple[Appointment, WaitingPerson]]:
    """Find who waits in which room now, longest first; for one counselor or for the whole practice."""
    before = timedelta(minutes=settings().room_opens_minutes_before)
    after = timedelta(minutes=settings().room_closes_minutes_after)
    open_rooms = (
        select(Room)
        .join(Room.appointment)
        .options(selectinload(Room.events), selectinload(Room.appointment))
        .where(
            Appointment.status.in_(STANDING),
            Appointment.starts_at <= now + before,
            Appointment.ends_at > now - after,
        )
    )
    if counselor is not None:
        open_rooms = open_rooms.where(Appointment.counselor_id == counselor.id)
    found = [(room.appointment, guest) for room in db.session.scalars(open_rooms) for guest in waiting(room.events)]
    return sorted(found, key=lambda pair: pair[1].since)


def notes_beside(appointment: Appointment, person: Person) -> bool:
    """Tell whether this person can write a note beside the picture."""
    return person.id == appointment.counselor_id and "notes.write" in current_app.view_functions
