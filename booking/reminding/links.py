"""The one-time links in reminders: what they still lead to, and their one use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update

from booking.models.appointments import Appointment
from booking.models.reminding import ReminderLink
from booking.policy import CANCELLED, CONFIRMED
from booking.reminding.planning import hash_of
from practice.core.db import db
from practice.models import Person

KEPT_AFTER = timedelta(days=30)


class State(StrEnum):
    """What a link leads to."""

    LIVE = "live"
    USED = "used"
    MOVED = "moved"
    CANCELLED = "cancelled"
    STARTED = "started"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Led:
    """A link that was followed: its appointment, whose it is, and what is still possible."""

    link: ReminderLink
    appointment: Appointment
    person: Person
    state: State


def follow(secret: str, now: datetime) -> Led | None:
    """Return what a link leads to, or None when there is no such link."""
    link = db.session.scalars(select(ReminderLink).where(ReminderLink.token_hash == hash_of(secret))).first()
    if link is None:
        return None
    appointment = db.session.get_one(Appointment, link.appointment_id)
    person = db.session.get_one(Person, link.person_id)
    return Led(link, appointment, person, _state(link, appointment, person, now))


def use(led: Led, purpose: str, now: datetime) -> bool:
    """Use a live link up; of two who press at once one gets it."""
    if led.state is not State.LIVE:
        return False
    used = db.session.scalar(
        update(ReminderLink)
        .where(ReminderLink.id == led.link.id, ReminderLink.used_at.is_(None))
        .values(used_at=now, used_for=purpose)
        .returning(ReminderLink.id)
        .execution_options(synchronize_session="fetch")
    )
    return used is not None


def issue(appointment: Appointment, now: datetime) -> str:
    """Make a fresh link for an appointment's client, as an answer by text needs one; return its secret."""
    secret = secrets.token_urlsafe(16)
    db.session.add(
        ReminderLink(
            token_hash=hash_of(secret),
            appointment_id=appointment.id,
            version=appointment.sequence,
            person_id=appointment.client_id,
            created_at=now,
        )
    )
    db.session.flush()
    return secret


def purge(now: datetime) -> None:
    """Delete the links of appointments that are long over."""
    over = select(Appointment.id).where(Appointment.ends_at < now - KEPT_AFTER)
    db.session.execute(
        delete(ReminderLink).where(ReminderLink.appointment_id.in_(over)).execution_options(synchronize_session=False)
    )


def _state(link: ReminderLink, appointment: Appointment, person: Person, now: datetime) -> State:
    if appointment.status == CANCELLED:
        return State.CANCELLED
    if appointment.status != CONFIRMED or person.closed_at is not None:
        return State.GONE
    if now >= appointment.starts_at:
        return State.STARTED
    if link.used_at is not None:
        return State.USED
    return State.LIVE if link.version == appointment.sequence else State.MOVED
