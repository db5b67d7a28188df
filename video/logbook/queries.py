"""What the logs of rooms come to, for those who run the practice and for the counselor who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from video import queries
from video.guests.queries import invited_to
from video.logbook.words import Line, line
from video.models import MediaServer, Room
from video.visits import Visit, took_place, visit_of

_MOST_WORDS = 6


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


def rooms_between(
    since: datetime, until: datetime, *, who: str = "", most: int, offset: int = 0
) -> tuple[int, list[SessionLog]]:
    """Count the sessions of some time that had somebody in their room; sum up some of them, the latest first.

    With `who`, those with somebody of that name: the counselor, or any client who has or had a place. The logs come
    without their lines.
    """
    wanted = (
        select(Room)
        .join(Room.appointment)
        .where(Appointment.starts_at >= since, Appointment.starts_at < until, Room.events.any())
        .where(*(_has(word) for word in who.split()[:_MOST_WORDS]))
    )
    people = joinedload(Appointment.client), joinedload(Appointment.counselor)
    rows = db.session.scalars(
        wanted.options(joinedload(Room.appointment).options(*people), selectinload(Room.events))
        .order_by(Appointment.starts_at.desc(), Room.id.desc())
        .limit(most)
        .offset(offset)
    )
    count = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return count, [SessionLog(room, _parts(room), ()) for room in rows]


def _has(word: str) -> ColumnElement[bool]:
    """Say that somebody in the session has a name with this in it."""
    seat = aliased(Appointment)
    shared = seat.group_session_id == Appointment.group_session_id
    named = select(Person.id).where(Person.name.icontains(word, autoescape=True))
    places = select(seat.id).where(or_(seat.id == Appointment.id, shared), seat.client_id.in_(named))
    return or_(Appointment.counselor_id.in_(named), places.correlate(Appointment).exists())


def known_servers() -> list[MediaServer]:
    """List the media servers, those heard of last first."""
    return list(db.session.scalars(select(MediaServer).order_by(MediaServer.leased_until.desc(), MediaServer.url)))


def _summed_up(room: Room) -> SessionLog:
    parts = _parts(room)
    names = {part.person.id: part.person.name for part in parts}
    guests = {guest.id: guest.shown_name for guest in invited_to(room.appointment)}
    lines = [words for entry in room.events if (words := line(entry, names, guests)) is not None]
    return SessionLog(room, parts, tuple(lines))


def _parts(room: Room) -> tuple[Part, ...]:
    """Tell what the counselor and then each client saw, the client of the first place by themselves without asking."""
    counselor, client = room.appointment.counselor, room.appointment.client
    ids = sorted(queries.clients_in(room))
    others = [client] if ids == [client.id] else db.session.scalars(select(Person).where(Person.id.in_(ids))).all()
    clients = sorted(others, key=lambda person: person.id)
    parts = [Part(counselor, visit_of(room.events, counselor.id, others=ids))]
    return (*parts, *(Part(each, visit_of(room.events, each.id, others=[counselor.id])) for each in clients))
