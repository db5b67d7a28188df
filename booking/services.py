"""What people do with appointments: hold, confirm, release, cancel, move, mark who came.

Every deed locks both people's time first, so that deeds about the same hour happen one after the other; the
database's guard has the last word. Services flush, the caller commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from booking import availability, eligibility, events, guards, holds, notices, policy
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, HELD, NO_SHOW, Side
from booking.refusals import HoldGoneError, NotAllowedError
from practice.core import audit
from practice.core.db import db
from practice.core.settings import settings
from practice.core.spans import Span
from practice.models import Person, Practice


def hold(*, counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime) -> Appointment:
    """Keep a time for a client while they pay; what costs nothing is confirmed at once.

    Asking again for a time the client already has returns it. A client keeps one hold: an older one is let go.
    Raises NotOfferedError, SlotTakenError or ClientBusyError, and NotAllowedError for one's own hours.
    """
    if counselor.id == client.id:
        raise NotAllowedError("You cannot book a session with yourself.")
    guards.lock_people(counselor.id, client.id)
    if again := _already(counselor, client, service, starts_at, now):
        return again
    holds.expire_overdue(now, _time_of(counselor.id, client.id))
    holds.let_go_of_others(client, now)
    eligibility.check_service(counselor, service)
    eligibility.check_client(client, Span.lasting(starts_at, service.minutes), now)
    eligibility.check_time(counselor.id, availability.need_of(service), starts_at, now)
    appointment = guards.insert(_new(counselor, client, service, starts_at, now))
    events.held.send(events.Held(appointment, now))
    _record("held", appointment, client)
    return appointment if appointment.price else confirm(appointment, now=now)


def confirm(appointment: Appointment, *, now: datetime) -> Appointment:
    """Make a held appointment stand, as when it is paid; one that stands already stays as it is.

    A hold that ran out is confirmed too while nobody else has the time. Raises SlotTakenError or ClientBusyError when
    somebody has, and HoldGoneError when the appointment was cancelled or its time has come: whoever paid is refunded.
    """
    _lock(appointment)
    if appointment.status in {CONFIRMED, COMPLETED, NO_SHOW}:
        return appointment
    if appointment.status == CANCELLED:
        raise HoldGoneError("This session was cancelled before the payment arrived.")
    if now >= appointment.starts_at:
        raise HoldGoneError("The payment arrived after the session would have started.")
    holds.expire_overdue(
        now, _time_of(appointment.counselor_id, appointment.client_id), Appointment.id != appointment.id
    )
    with guards.refusing():
        appointment.status = CONFIRMED
        appointment.confirmed_at = appointment.changed_at = now
        appointment.held_until = None
    events.confirmed.send(events.Confirmed(appointment, now))
    notices.tell_confirmed(appointment, now)
    _record("confirmed", appointment, None)
    return appointment


def release(appointment: Appointment, *, now: datetime, ending: events.Ending = events.Ending.LEFT) -> None:
    """Let a held time go; an appointment that is not held stays as it is."""
    _lock(appointment)
    if appointment.status == HELD:
        holds.let_go(appointment, ending, now)


def cancel(appointment: Appointment, *, by: Person, now: datetime, reason: str = "") -> Appointment:
    """Call an appointment off for somebody on one of its sides; cancelling twice is cancelling once.

    Raises NotAllowedError once it is too late to.
    """
    _lock(appointment)
    if appointment.status == CANCELLED:
        return appointment
    side = _side(appointment, by)
    if words := policy.refusal_to_cancel(appointment.standing, side, now):
        raise NotAllowedError(words)
    if appointment.status == HELD:
        holds.let_go(appointment, events.Ending.LEFT, now)
        return appointment
    late = side is Side.CLIENT and policy.is_late(appointment.standing, now)
    appointment.status = CANCELLED
    appointment.cancelled_at = appointment.changed_at = now
    appointment.cancelled_by_id = by.id
    appointment.cancelled_late = late
    appointment.cancel_reason = reason or None
    appointment.sequence += 1
    db.session.flush()
    notices.tell_cancelled(appointment, now)
    events.cancelled.send(events.Cancelled(appointment, by, side, late, now))
    _record("cancelled", appointment, by, late=late)
    return appointment


def move(appointment: Appointment, *, starts_at: datetime, by: Person, now: datetime) -> Appointment:
    """Move an appointment to another free time; it stays the same appointment, one version on.

    A client moves within the notice and to times on offer; a counselor at any time before the start, and may ignore
    their own notice and horizon. Raises NotAllowedError, NotOfferedError, SlotTakenError or ClientBusyError.
    """
    _lock(appointment)
    if appointment.status == CONFIRMED and appointment.starts_at == starts_at:
        return appointment
    side = _side(appointment, by)
    if words := policy.refusal_to_move(appointment.standing, side, now):
        raise NotAllowedError(words)
    holds.expire_overdue(now, _time_of(appointment.counselor_id, appointment.client_id))
    eligibility.check_move(appointment, starts_at, now, free_of_notice=side is not Side.CLIENT)
    before, shift = appointment.span, starts_at - appointment.starts_at
    with guards.refusing():
        appointment.starts_at += shift
        appointment.ends_at += shift
        appointment.blocked_from += shift
        appointment.blocked_until += shift
        appointment.sequence += 1
        appointment.changed_at = now
    notices.tell_moved(appointment, before.starts_at, now)
    events.moved.send(events.Moved(appointment, before, by, now))
    _record("moved", appointment, by, before=before.starts_at.isoformat())
    return appointment


def mark_attended(appointment: Appointment, *, attended: bool, by: Person, now: datetime) -> Appointment:
    """Note whether the client came, as the counselor saw it; a slip may be corrected. Raises NotAllowedError."""
    _lock(appointment)
    if _side(appointment, by) is Side.CLIENT:
        raise NotAllowedError("Your counselor notes who came.")
    if words := policy.refusal_to_close(appointment.standing, now):
        raise NotAllowedError(words)
    status = COMPLETED if attended else NO_SHOW
    if appointment.status != status:
        appointment.status = status
        appointment.closed_at = appointment.changed_at = now
        db.session.flush()
        notices.stop_reminding(appointment, now)
        events.completed.send(events.Completed(appointment, attended, by, now))
        _record("completed" if attended else "no_show", appointment, by)
    return appointment


def _lock(appointment: Appointment) -> None:
    guards.lock_people(appointment.counselor_id, appointment.client_id)
    db.session.refresh(appointment, with_for_update=True)


def _already(
    counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime
) -> Appointment | None:
    return db.session.scalars(
        select(Appointment).where(
            Appointment.counselor_id == counselor.id,
            Appointment.client_id == client.id,
            Appointment.service_id == service.id,
            Appointment.starts_at == starts_at,
            availability.still_live(now),
        )
    ).first()


def _new(counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime) -> dict[str, Any]:
    span = Span.lasting(starts_at, service.minutes)
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    practice = db.session.get_one(Practice, 1)
    return {
        "counselor_id": counselor.id,
        "client_id": client.id,
        "service_id": service.id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "blocked_from": blocked.starts_at,
        "blocked_until": blocked.ends_at,
        "status": HELD,
        "held_until": now + timedelta(minutes=settings().hold_minutes),
        "price_cents": service.price_cents,
        "currency": service.currency,
        "cancellation_notice_hours": practice.cancellation_notice_hours,
        "created_at": now,
        "changed_at": now,
    }


def _time_of(counselor_id: int, client_id: int) -> ColumnElement[bool]:
    return or_(Appointment.counselor_id == counselor_id, Appointment.client_id == client_id)


def _side(appointment: Appointment, person: Person) -> Side:
    side = appointment.side_of(person)
    if side is None:
        raise NotAllowedError("This session is somebody else's.")
    return side


def _record(deed: str, appointment: Appointment, by: Person | None, **detail: object) -> None:
    audit.record(
        f"appointment.{deed}",
        person_id=by.id if by else None,
        subject=notices.subject_of(appointment),
        detail=detail,
    )
