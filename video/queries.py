"""Which rooms there are for whom, and what their logs say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, selectinload

from booking.models.appointments import Appointment
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from booking.queries import appointment_for
from practice.core.db import db
from practice.core.settings import settings
from practice.models import Person
from video.attendance import WaitingPerson, waiting
from video.guests.models import Guest
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
    """Find an appointment's room; those who share a session share the room that the first of them was given."""
    if appointment.group_session_id is None:
        return db.session.scalar(select(Room).where(Room.appointment_id == appointment.id))
    return db.session.scalars(
        select(Room)
        .join(Room.appointment)
        .where(Appointment.group_session_id == appointment.group_session_id)
        .order_by(Room.id)
        .limit(1)
    ).first()


def clients_in(room: Room) -> set[int]:
    """Return the clients who have or had a place in the session a room belongs to."""
    session_id = room.appointment.group_session_id
    if session_id is None:
        return {room.appointment.client_id}
    return set(db.session.scalars(select(Appointment.client_id).where(Appointment.group_session_id == session_id)))


def clients_of(appointment: Appointment) -> list[Person]:
    """Return everybody who has a standing place in a session, by name."""
    if appointment.group_session_id is None:
        return [appointment.client]
    seats = select(Appointment.client_id).where(
        Appointment.group_session_id == appointment.group_session_id, Appointment.status.in_(STANDING)
    )
    return list(db.session.scalars(select(Person).where(Person.id.in_(seats)).order_by(Person.name)))


def called_off(uids: list[str]) -> list[str]:
    """Return which of these rooms have nobody left whose session stands."""
    rows = db.session.execute(
        select(Room.uid, Appointment).join(Room.appointment).where(Room.uid.in_(uids), Appointment.status == CANCELLED)
    ).all()
    return [uid for uid, appointment in rows if not _others_stand(appointment)]


def shown_out(uids: list[str]) -> dict[str, list[str]]:
    """Return who has no place any more in these shared rooms, as each room names its people."""
    first, seat = aliased(Appointment), aliased(Appointment)
    rows = db.session.execute(
        select(Room.uid, seat.client_id, seat.status)
        .join(first, Room.appointment_id == first.id)
        .join(seat, seat.group_session_id == first.group_session_id)
        .where(Room.uid.in_(uids), seat.status.in_((CANCELLED, *STANDING)))
    ).all()
    stand = {(uid, client_id) for uid, client_id, status in rows if status != CANCELLED}
    out: dict[str, list[str]] = {}
    for uid, client_id in sorted({(uid, client_id) for uid, client_id, _ in rows} - stand):
        out.setdefault(uid, []).append(str(client_id))
    return out


def hours_of(uids: list[str]) -> dict[str, list[float]]:
    """Return when each of these rooms opens, when its session ends and when it closes, in seconds since 1970."""
    first, seat = aliased(Appointment), aliased(Appointment)
    rows = db.session.execute(
        select(Room.uid, seat)
        .join(first, Room.appointment_id == first.id)
        .join(seat, or_(seat.id == first.id, seat.group_session_id == first.group_session_id))
        .where(Room.uid.in_(uids), seat.status.in_(STANDING))
    )
    windows = {uid: window(appointment) for uid, appointment in rows}
    return {
        uid: [at.timestamp() for at in (each.opens_at, each.ends_at, each.closes_at)] for uid, each in windows.items()
    }


def _others_stand(appointment: Appointment) -> bool:
    if appointment.group_session_id is None:
        return False
    shared = select(Appointment.id).where(
        Appointment.group_session_id == appointment.group_session_id, Appointment.status.in_(STANDING)
    )
    return db.session.scalars(shared).first() is not None


@dataclass(frozen=True, slots=True)
class Waits:
    """Somebody in the waiting room of a session, and since when."""

    id: int
    name: str
    appointment: Appointment
    since: datetime

    @property
    def key(self) -> str:
        """Tell this wait from any other."""
        return f"{self.appointment.id} {self.name} {self.since.isoformat()}"


def people_waiting(now: datetime, *, counselor: Person | None = None) -> list[Waits]:
    """Find who waits in which room now, longest first; for one counselor or for the whole practice."""
    before = timedelta(minutes=settings().room_opens_minutes_before)
    after = timedelta(minutes=settings().room_closes_minutes_after)
    seat, first = aliased(Appointment), aliased(Appointment)
    same = or_(seat.id == first.id, seat.group_session_id == first.group_session_id)
    open_rooms = (
        select(Room, seat)
        .join(first, Room.appointment_id == first.id)
        .join(seat, same)
        .options(selectinload(Room.events))
        .where(seat.status.in_(STANDING), seat.starts_at <= now + before, seat.ends_at > now - after)
    )
    if counselor is not None:
        open_rooms = open_rooms.where(seat.counselor_id == counselor.id)
    found = [
        waits
        for room, appointment in db.session.execute(open_rooms)
        for each in waiting(room.events)
        if (waits := _waits(room, appointment, each)) is not None
    ]
    return sorted(found, key=lambda waits: waits.since)


def _waits(room: Room, appointment: Appointment, waiting: WaitingPerson) -> Waits | None:
    """Name somebody who waits; of the places in a shared session each client has their own, guests have the first."""
    if waiting.person == str(appointment.client_id):
        return Waits(appointment.client_id, appointment.client.name, appointment, waiting.since)
    if waiting.person.startswith("g") and room.appointment_id == appointment.id:
        guest = db.session.get_one(Guest, int(waiting.person[1:]))
        return Waits(guest.id, guest.shown_name, appointment, waiting.since)
    return None


def notes_beside(appointment: Appointment, person: Person) -> bool:
    """Tell whether this person can write a note beside the picture: not while several charts could be meant."""
    if appointment.group_session_id is not None:
        return False
    return person.id == appointment.counselor_id and "notes.write" in current_app.view_functions
