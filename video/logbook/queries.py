"""What the logs of rooms come to, for those who run the practice and for the counselor who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from video import queries
from video.guests.queries import invited_to
from video.logbook.words import Line, line
from video.models import MediaServer, Room
from video.visits import Visit, took_place, visit_of


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part in a session."""

    person: Person
    visit: Visit | None


@dataclass(frozen=True, slots=True)
class SessionLog:
    """One session's log: each person's part, and the lines in order."""

    room: Room
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]

    @property
    def together_seconds(self) -> int:
        """Tell how long the counselor was there together with anybody."""
        visit = self.parts[0].visit
        return visit.together_seconds if visit is not None else 0

    @property
    def took_place(self) -> bool:
        """Tell whether they were together long enough to call it a session."""
        return took_place(self.together_seconds, self.room.appointment.span.minutes)


def log_of(appointment: Appointment) -> SessionLog | None:
    """Sum up the room of an appointment; None before anybody was seen there."""
    room = queries.room_of(appointment)
    return None if room is None or not room.events else _summed_up(room)


def attended(appointment: Appointment) -> bool:
    """Tell whether the log shows that this client and the counselor met."""
    room = queries.room_of(appointment)
    if room is None:
        return False
    visit = visit_of(room.events, appointment.client_id, others=[appointment.counselor_id])
    return visit is not None and took_place(visit.together_seconds, appointment.span.minutes)


def rooms_between(since: datetime, until: datetime) -> list[SessionLog]:
    """Sum up the rooms of the sessions that began in some time, the latest first."""
    rows = db.session.scalars(
        select(Room)
        .join(Room.appointment)
        .options(
            joinedload(Room.appointment).options(joinedload(Appointment.client), joinedload(Appointment.counselor)),
            selectinload(Room.events),
        )
        .where(Appointment.starts_at >= since, Appointment.starts_at < until)
        .order_by(Appointment.starts_at.desc())
    )
    return [_summed_up(room) for room in rows if room.events]


def known_servers() -> list[MediaServer]:
    """List the media servers, those heard of last first."""
    return list(db.session.scalars(select(MediaServer).order_by(MediaServer.leased_until.desc(), MediaServer.url)))


def _summed_up(room: Room) -> SessionLog:
    counselor_id, clients = room.appointment.counselor_id, sorted(queries.clients_in(room))
    people = {
        each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_([counselor_id, *clients])))
    }
    parts = [Part(people[counselor_id], visit_of(room.events, counselor_id, others=clients))]
    parts += [Part(people[each], visit_of(room.events, each, others=[counselor_id])) for each in clients]
    names = {each.id: each.name for each in people.values()}
    guests = {guest.id: guest.shown_name for guest in invited_to(room.appointment)}
    lines = [words for entry in room.events if (words := line(entry, names, guests)) is not None]
    return SessionLog(room, tuple(parts), tuple(lines))
