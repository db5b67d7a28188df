"""Times kept while somebody pays, and how they are freed again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from booking import events
from booking.deeds import lock, time_of
from booking.live import still_live
from booking.models.appointments import Appointment
from booking.policy import EXPIRED, HELD
from practice.core import audit
from practice.core.db import db
from practice.core.settings import settings
from practice.core.spans import Span
from practice.models import Person

MOMENT = timedelta(seconds=45)
"""How long a time is still kept after its page was left: enough for a reload or the next page."""
PAYING, LEFT = "paying", "left"


def keep(appointment: Appointment, visit: str, now: datetime) -> datetime | None:
    """Note which visit of a page keeps a hold, for as long as was promised first; None when it is no longer held."""
    lock(appointment)
    if appointment.status != HELD or appointment.held_until is None or appointment.held_until <= now:
        return None
    if _may_be_left(appointment):
        appointment.kept_by = visit
        appointment.held_until = _promised(appointment)
        db.session.flush()
    return appointment.held_until


def leave(appointment: Appointment, visit: str, now: datetime) -> None:
    """Keep a hold only a moment longer: its page was left. Word from an earlier visit, or again, changes nothing."""
    lock(appointment)
    if appointment.status == HELD and appointment.held_until and appointment.kept_by == visit:
        appointment.held_until = min(appointment.held_until, now + MOMENT)
        appointment.kept_by = LEFT
        db.session.flush()


def go_on_to_pay(appointment: Appointment) -> None:
    """From here on leaving a page frees nothing: the client is at the card company's. The caller holds the lock."""
    if appointment.status == HELD:
        appointment.kept_by = PAYING


def around(counselor_id: int, client_id: int, span: Span, now: datetime) -> Sequence[Appointment]:
    """Load with one query what a booking has to look at: holds that ran out, the client's own, and what clashes."""
    overdue = and_(Appointment.held_until <= now, time_of(counselor_id, client_id))
    clashing = and_(Appointment.starts_at < span.ends_at, Appointment.ends_at > span.starts_at, still_live(now))
    return db.session.scalars(
        select(Appointment)
        .where(
            or_(
                and_(Appointment.status == HELD, or_(overdue, Appointment.client_id == client_id)),
                and_(Appointment.client_id == client_id, clashing),
            )
        )
        .order_by(Appointment.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def make_way(found: Sequence[Appointment], client_id: int, now: datetime) -> None:
    """Free what ran out, and what the client holds besides: a client keeps one time while paying."""
    for appointment in found:
        if appointment.status != HELD:
            continue
        if appointment.held_until is not None and appointment.held_until <= now:
            let_go(appointment, events.Ending.LAPSED, now)
        elif appointment.client_id == client_id and appointment.approved_at is None:
            let_go(appointment, events.Ending.REPLACED, now)


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


def _may_be_left(appointment: Appointment) -> bool:
    """Tell whether a page keeps this hold: one that was approved or offered lasts as long as was said then."""
    if appointment.kept_by == PAYING or appointment.approved_at is not None:
        return False
    return appointment.kept_by is not None or appointment.held_until == _promised(appointment)


def _promised(appointment: Appointment) -> datetime:
    return appointment.created_at + timedelta(minutes=settings().hold_minutes)
