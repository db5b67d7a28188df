"""Asking somebody into a session, trading the link for a seat, and taking it back."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import update

from booking.models.appointments import Appointment
from practice.core import audit
from practice.core.db import db
from practice.models import Person
from video import services as rooms
from video.attendance import admitted
from video.guests import queries
from video.guests.forms import Invite
from video.guests.models import Guest
from video.services import Comer, Entry, RoomShutError
from video.tokens import Role


class LinkGoneError(Exception):
    """The link leads nowhere any more; the message says why, in words."""


def invite(appointment: Appointment, counselor: Person, asked: Invite, *, now: datetime) -> tuple[Guest, str]:
    """Ask somebody into a session; give the guest and the secret of their link, which is kept nowhere."""
    secret = secrets.token_urlsafe(24)
    guest = Guest(
        appointment_id=_room_of(appointment, now),
        name=asked.name,
        part=asked.part,
        link_hash=queries.hash_of(secret),
        invited_by_id=counselor.id,
        invited_at=now,
    )
    db.session.add(guest)
    db.session.flush()
    _record("invited", guest, counselor.id)
    return guest, secret


def withdraw(guest: Guest, counselor: Person, *, now: datetime) -> None:
    """Take an invitation back; whoever is in the room by it is shown out."""
    if guest.withdrawn_at is None:
        guest.withdrawn_at = now
        db.session.flush()
        _record("withdrawn", guest, counselor.id)


def check(guest: Guest | None, *, now: datetime) -> Guest:
    """Return the guest whose link still opens. Raises `LinkGoneError`."""
    if guest is None or guest.withdrawn_at is not None:
        raise LinkGoneError("This invitation is no longer valid. Ask whoever sent it for a new one.")
    if guest.used_at is not None:
        raise LinkGoneError("This link was opened before, and opens once only. Ask whoever sent it for a new one.")
    try:
        refuse_shut(guest, now=now)
    except RoomShutError as error:
        if error.code != "early":
            raise LinkGoneError("This session is over or was cancelled.") from error
    return guest


def refuse_shut(guest: Guest, *, now: datetime) -> None:
    """Raise `RoomShutError` unless the invitation stands and the room is open."""
    if guest.withdrawn_at is not None:
        raise RoomShutError("cancelled", "Your invitation was taken back.")
    appointment = queries.standing(guest)
    rooms.refuse_shut(appointment, appointment.client, now=now)


def take_seat(guest: Guest, *, now: datetime) -> str:
    """Trade the link for a seat; give its secret. Raises `LinkGoneError` when somebody else was quicker."""
    check(guest, now=now)
    secret = secrets.token_urlsafe(24)
    used = update(Guest).where(Guest.id == guest.id, Guest.used_at.is_(None), Guest.withdrawn_at.is_(None))
    if db.session.execute(used.values(used_at=now, seat_hash=queries.hash_of(secret))).rowcount != 1:  # type: ignore[attr-defined]  # an update's result
        raise LinkGoneError("This link was opened a moment ago, and opens once only.")
    db.session.refresh(guest)
    _record("arrived", guest, None)
    return secret


def enter(guest: Guest, *, now: datetime, unreachable: str = "") -> Entry:
    """Sign a guest's way into the room: to the waiting room, until they are let in. Raises `RoomShutError`."""
    refuse_shut(guest, now=now)
    room = rooms.prepare(guest.appointment, now=now)
    comer = Comer(guest.key, guest.shown_name, Role.GUEST, frozenset(), admitted=admitted(room.events, guest.key))
    return rooms.way_in(queries.standing(guest), room, comer, now=now, unreachable=unreachable)


def _room_of(appointment: Appointment, now: datetime) -> int:
    return rooms.prepare(appointment, now=now).appointment_id


def _record(deed: str, guest: Guest, person_id: int | None) -> None:
    subject = ("appointment", guest.appointment_id)
    audit.record(f"guest.{deed}", person_id=person_id, subject=subject, detail={"part": guest.part})
