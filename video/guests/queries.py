"""Who was asked into which session, and whose link is whose."""

from __future__ import annotations

import hmac
from hashlib import sha256

from sqlalchemy import select

from booking.models.appointments import Appointment
from practice.core.db import db
from video.guests.models import Guest
from video.models import Room
from video.queries import STANDING


def hash_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def invited_to(appointment: Appointment) -> list[Guest]:
    """List the guests of a session whose invitation stands, in the order of asking."""
    same = Guest.appointment_id == appointment.id
    if appointment.group_session_id is not None:
        shared = select(Appointment.id).where(Appointment.group_session_id == appointment.group_session_id)
        same = Guest.appointment_id.in_(shared)
    return list(db.session.scalars(select(Guest).where(same, Guest.withdrawn_at.is_(None)).order_by(Guest.id)))


def by_link(secret: str) -> Guest | None:
    """Find the guest a link was made for, whatever became of it."""
    return db.session.scalar(select(Guest).where(Guest.link_hash == hash_of(secret)))


def seated(guest_id: int, secret: str) -> Guest | None:
    """Find a guest whose browser holds the secret that the link was traded for."""
    guest = db.session.get(Guest, guest_id)
    if guest is None or guest.seat_hash is None or not hmac.compare_digest(guest.seat_hash, hash_of(secret)):
        return None
    return guest


def standing(guest: Guest) -> Appointment:
    """Return the session a guest comes to; of a shared one, a place in it that stands if there is any."""
    session_id = guest.appointment.group_session_id
    if session_id is None:
        return guest.appointment
    seats = select(Appointment).where(Appointment.group_session_id == session_id, Appointment.status.in_(STANDING))
    return db.session.scalars(seats.order_by(Appointment.id)).first() or guest.appointment


def withdrawn_from(uids: list[str]) -> dict[str, list[str]]:
    """Return the guests whose invitation was taken back, as each of these rooms names them."""
    rows = db.session.execute(
        select(Room.uid, Guest)
        .join(Guest, Guest.appointment_id == Room.appointment_id)
        .where(Room.uid.in_(uids), Guest.withdrawn_at.is_not(None))
    ).all()
    out: dict[str, list[str]] = {}
    for uid, guest in rows:
        out.setdefault(uid, []).append(guest.key)
    return out
