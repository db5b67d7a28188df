"""The requests that wait for an answer, for the two sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload

from booking.models.appointments import Appointment
from booking.policy import LIVE, REQUESTED
from practice.core.db import db
from practice.models import Person


def to_answer(counselor: Person, now: datetime) -> Sequence[Appointment]:
    """Return what clients ask a counselor for, the first to lapse first."""
    return _open(Appointment.counselor_id == counselor.id, now)


def asked_by(client: Person, now: datetime) -> Sequence[Appointment]:
    """Return what a client waits to hear about, the first to lapse first."""
    return _open(Appointment.client_id == client.id, now)


def rivals(appointment: Appointment, now: datetime) -> int:
    """Count the other open requests that want some of the same time."""
    return sum(
        1
        for other in _open(Appointment.counselor_id == appointment.counselor_id, now)
        if other.id != appointment.id and other.blocked.overlaps(appointment.blocked)
    )


def taken_among(requests: Sequence[Appointment]) -> set[int]:
    """Return the requests whose time has gone to somebody else since."""
    if not requests:
        return set()
    other = aliased(Appointment)
    taken = (
        select(Appointment.id)
        .join(other, (other.counselor_id == Appointment.counselor_id) & (other.id != Appointment.id))
        .where(
            Appointment.id.in_([each.id for each in requests]),
            other.status.in_(LIVE),
            other.blocked_from < Appointment.blocked_until,
            other.blocked_until > Appointment.blocked_from,
        )
    )
    return set(db.session.scalars(taken))


def _open(whose: ColumnElement[bool], now: datetime) -> Sequence[Appointment]:
    return db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.client), joinedload(Appointment.counselor), joinedload(Appointment.service))
        .where(whose, Appointment.status == REQUESTED, Appointment.answer_by > now)
        .order_by(Appointment.answer_by, Appointment.id)
    ).all()
