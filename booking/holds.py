"""Times kept while somebody pays, and how they are freed again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from booking import events
from booking.models.appointments import Appointment
from booking.policy import EXPIRED, HELD
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def expire_overdue(now: datetime, *conditions: ColumnElement[bool]) -> int:
    """Free the times whose hold ran out; return how many. Rows that somebody else is changing are left to them."""
    overdue = db.session.scalars(
        select(Appointment)
        .where(Appointment.status == HELD, Appointment.held_until <= now, *conditions)
        .order_by(Appointment.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for appointment in overdue:
        let_go(appointment, events.Ending.LAPSED, now)
    return len(overdue)


def let_go_of_others(client: Person, now: datetime) -> None:
    """Let go of whatever else a client holds: a client keeps one time while paying, besides what was approved."""
    for other in db.session.scalars(
        select(Appointment)
        .where(Appointment.client_id == client.id, Appointment.status == HELD, Appointment.approved_at.is_(None))
        .order_by(Appointment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all():
        if other.status == HELD:
            let_go(other, events.Ending.REPLACED, now)


def let_go(appointment: Appointment, ending: events.Ending, now: datetime) -> None:
    """End a hold and free its time."""
    appointment.status = EXPIRED
    appointment.changed_at = now
    db.session.flush()
    events.released.send(events.Released(appointment, ending, now))
    audit.record("appointment.released", subject=("appointment", appointment.id), detail={"ending": str(ending)})
