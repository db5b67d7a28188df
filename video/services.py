"""What people and the media server do with rooms: prepare, enter, report."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from booking.models.appointments import Appointment
from booking.policy import CANCELLED, VIDEO
from booking.whereabouts import whereabouts
from practice.core import audit
from practice.core.db import db
from practice.core.settings import settings
from practice.models import Person
from video import attendance, passes, queries, servers, tokens
from video.arrivals.queries import told
from video.guests.models import Guest
from video.models import EVENTS, Room, RoomEvent
from video.relays import relays
from video.reporting import Reported
from video.tokens import Companion, JoinToken, Power, Role
from video.visits import seconds_together
from video.window import Door

_TOKEN_LASTS = timedelta(minutes=2)
_LOG_SPEAKS_WITHIN = timedelta(minutes=3)
_COUNSELORS_POWERS = frozenset({Power.ADMIT, Power.END, Power.MODERATE})


class RoomShutError(Exception):
    """The room cannot be entered now; the message says why, in words. `code` is for the page."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page needs to enter: the signed token, the media server's address, the relays."""

    token: str
    url: str
    ice_servers: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody on the way in, as the room will know them."""

    person: str
    name: str
    role: Role
    powers: frozenset[Power]
    admitted: bool
    held: bool = False


def prepare(appointment: Appointment, *, now: datetime) -> Room:
    """Give an appointment its room; the one it has if it has one."""
    room = queries.room_of(appointment)
    if room is None:
        room = Room(appointment_id=appointment.id, created_at=now)
        db.session.add(room)
        db.session.flush()
    return room


def enter(appointment: Appointment, person: Person, *, now: datetime, unreachable: str = "") -> Entry:
    """Sign one person's way into the room, to the media server it lives on. Raises `RoomShutError`."""
    refuse_shut(appointment, person, now=now)
    is_counselor = person.id == appointment.counselor_id
    arrival = None if is_counselor else told(appointment, person)
    if not is_counselor and arrival is None:
        raise RoomShutError("arrival", "Before you go in, say where you are and whether you can talk freely.")
    room = prepare(appointment, now=now)
    comer = Comer(
        person=str(person.id),
        name=_name_for_others(appointment, person),
        role=Role.COUNSELOR if is_counselor else Role.CLIENT,
        powers=_COUNSELORS_POWERS if is_counselor else frozenset(),
        admitted=attendance.admitted(room.events, str(person.id)),
        held=arrival is not None and arrival.needs_reason,
    )
    audit.record("room.entered", person_id=person.id, subject=("appointment", appointment.id))
    return way_in(appointment, room, comer, now=now, unreachable=unreachable)


def way_in(appointment: Appointment, room: Room, comer: Comer, *, now: datetime, unreachable: str = "") -> Entry:
    """Sign the way into a room for somebody who may come, to the media server it lives on."""
    window = queries.window(appointment)
    server = servers.place(room, until=window.closes_at, now=now, unreachable=unreachable)
    token = JoinToken(
        room=room.uid,
        server=server,
        person=comer.person,
        name=comer.name,
        role=comer.role,
        powers=comer.powers,
        opens_at=window.opens_at,
        ends_at=window.ends_at,
        closes_at=window.closes_at,
        expires_at=now + _TOKEN_LASTS,
        nonce=secrets.token_urlsafe(12),
        admitted=comer.admitted,
        company=_company(room, comer.person, now),
        held=comer.held,
    )
    house = settings()
    return Entry(
        token=tokens.sign(token, house.media_key),
        url=server,
        ice_servers=relays(house.turn_urls, house.turn_secret, name=secrets.token_hex(8), until=window.closes_at),
    )


def probe(person: str, *, now: datetime) -> Entry:
    """Sign one person's leave to send test packets to the media server, for two minutes."""
    house, until = settings(), now + _TOKEN_LASTS
    return Entry(
        token=passes.sign(passes.PROBE, {"person": person}, house.media_key, until=until),
        url=servers.any_open(now),
        ice_servers=relays(house.turn_urls, house.turn_secret, name=secrets.token_hex(8), until=until),
    )


def refuse_shut(appointment: Appointment, person: Person, *, now: datetime) -> None:
    """Raise `RoomShutError` unless the appointment is held by video and stands, and its room is open."""
    door = queries.window(appointment).door(now)
    if appointment.mode != VIDEO:
        words = f"You do not meet by video. {whereabouts(appointment, person)}."
        raise RoomShutError("elsewhere", words)
    if appointment.status == CANCELLED:
        raise RoomShutError("cancelled", "This session was cancelled, so its room stays closed.")
    if door is Door.OVER:
        raise RoomShutError("late", "This session is over and its room is closed.")
    if appointment.status not in queries.STANDING:
        raise RoomShutError("unconfirmed", "This session is not confirmed, so it has no room.")
    if door is Door.EARLY:
        minutes = settings().room_opens_minutes_before
        raise RoomShutError("early", f"The room is not open yet. It opens {minutes} minutes before the session.")


def take(reports: Iterable[Reported], *, now: datetime) -> int:
    """Write the media server's reports into the log, each once; give how many were new."""
    rooms: dict[str, Room | None] = {}
    new = 0
    for report in reports:
        if report.room not in rooms:
            rooms[report.room] = db.session.scalar(select(Room).where(Room.uid == report.room))
        room = rooms[report.room]
        if room is not None and report.event in EVENTS and not _is_known(report):
            room.events.append(_logged(report, room, now))
            db.session.flush()
            new += 1
    for touched in filter(None, rooms.values()):
        people = (touched.appointment.counselor_id, *queries.clients_in(touched))
        touched.together_seconds = seconds_together(touched.events, people)
    return new


def _is_known(report: Reported) -> bool:
    repeat = select(RoomEvent.id).where(RoomEvent.server == report.server, RoomEvent.number == report.number)
    return db.session.scalar(repeat) is not None


def _company(room: Room, person: str, now: datetime) -> tuple[Companion, ...]:
    """Name the others who are in the room; what a log says that has been silent for long is not worth a seat."""
    if not room.events or room.events[-1].at < now - _LOG_SPEAKS_WITHIN:
        return ()
    return tuple(_companion(room, each) for each in attendance.present(room.events) if each != person)


def _companion(room: Room, key: str) -> Companion:
    if key.startswith("g"):
        return Companion(key, db.session.get_one(Guest, int(key[1:])).shown_name, Role.GUEST)
    other = db.session.get_one(Person, int(key))
    role = Role.COUNSELOR if other.id == room.appointment.counselor_id else Role.CLIENT
    return Companion(key, _name_for_others(room.appointment, other), role)


def _name_for_others(appointment: Appointment, person: Person) -> str:
    """Return what the others in the room read: people of a group do not learn each other's surnames."""
    session = appointment.group_session
    stranger = session is not None and not session.is_family and person.id != appointment.counselor_id
    return person.first_name if stranger else person.name


def _logged(report: Reported, room: Room, now: datetime) -> RoomEvent:
    theirs = {str(each): each for each in (room.appointment.counselor_id, *queries.clients_in(room))}
    return RoomEvent(
        person_id=theirs.get(report.person),
        event=report.event,
        at=report.at,
        server=report.server,
        number=report.number,
        detail=report.detail | _guest(report.person),
        received_at=now,
    )


def _guest(person: str) -> dict[str, int]:
    """Name a guest in the log: they are nobody's account."""
    return {"guest": int(person[1:])} if person.startswith("g") and person[1:].isdecimal() else {}
