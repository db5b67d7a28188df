"""A counselor's own clients, found by a few letters of their name; nobody else's are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from booking.live import still_live
from booking.models.appointments import Appointment
from booking.policy import HELD
from practice.core.db import db
from practice.models import Person

MOST = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One client, with the session that matters most."""

    client: Person
    next_at: datetime | None
    last_at: datetime | None


def find(counselor: Person, words: str, now: datetime, *, most: int = MOST) -> list[Found]:
    """Return the clients whose name holds every word, those with a session ahead first, the soonest first."""
    ahead = func.min(Appointment.starts_at).filter(Appointment.ends_at > now, still_live(now))
    behind = func.max(Appointment.starts_at).filter(Appointment.ends_at <= now)
    statement = (
        select(Person, ahead, behind)
        .join(Appointment, Appointment.client_id == Person.id)
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.confirmed_at.is_not(None),
            *(Person.name.icontains(word, autoescape=True) for word in words.split()[:6]),
        )
        .group_by(Person.id)
        .order_by(ahead.is_(None), ahead, func.lower(Person.name), Person.id)
        .limit(most)
    )
    return [Found(*row) for row in db.session.execute(statement).all()]


def bookable(counselor: Person) -> Sequence[Person]:
    """Return the clients a counselor may book for, by name."""
    met = select(Appointment.client_id).where(
        Appointment.counselor_id == counselor.id, Appointment.confirmed_at.is_not(None)
    )
    statement = select(Person).where(Person.id.in_(met), Person.closed_at.is_(None))
    return db.session.scalars(statement.order_by(func.lower(Person.name), Person.id)).all()


def client_of(counselor: Person, client_id: int) -> Person | None:
    """Return one client who has ever had a session booked with this counselor."""
    met = select(Appointment.id).where(
        Appointment.counselor_id == counselor.id,
        Appointment.client_id == client_id,
        Appointment.confirmed_at.is_not(None),
    )
    return db.session.get(Person, client_id) if db.session.scalar(met.limit(1)) is not None else None


def session_to_show(counselor: Person, client: Person, now: datetime) -> datetime | None:
    """Return when a client's next session starts, or else their last."""
    together = (Appointment.counselor_id == counselor.id, Appointment.client_id == client.id)
    ahead = select(func.min(Appointment.starts_at)).where(
        *together, Appointment.ends_at > now, still_live(now), Appointment.status != HELD
    )
    last = select(func.max(Appointment.starts_at)).where(*together, Appointment.confirmed_at.is_not(None))
    return db.session.scalar(ahead) or db.session.scalar(last)
