"""What people do with appointments: hold, confirm, release, cancel, move, undo a move, mark who came.

Every deed locks both people's time first, so that deeds about the same hour happen one after the other; the
database's guard has the last word. Services flush, the caller commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from booking import eligibility, events, guards, holds, moving, notices, policies, policy, prices
from booking.deeds import lock, record, side_of, time_of
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.moving import move, undo_move
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, DECLINED, HELD, LIVE, NO_SHOW, REQUESTED, Side
from booking.refusals import ClientBusyError, HoldGoneError, NotAllowedError, NotOfferedError
from practice.core.db import db
from practice.core.settings import settings
from practice.core.spans import Span
from practice.models import Person

__all__ = ["cancel", "confirm", "hold", "mark_attended", "move", "new_appointment", "release", "undo_move"]


def hold(
    *,
    counselor: Person,
    client: Person,
    service: Service,
    starts_at: datetime,
    now: datetime,
    mode: str | None = None,
) -> Appointment:
    """Keep a time for a client while they pay; what costs nothing is confirmed at once.

    People meet in the mode chosen, or in the usual one of the service.
    Asking again for a time the client already has returns it. A client keeps one hold: an older one is let go.
    Raises NotOfferedError, SlotTakenError or ClientBusyError, and NotAllowedError for one's own hours.
    """
    if counselor.id == client.id:
        raise NotAllowedError("You cannot book a session with yourself.")
    guards.lock_people(counselor.id, client.id)
    mode = eligibility.check_mode(service, mode)
    span = Span.lasting(starts_at, service.minutes)
    around = holds.around(counselor.id, client.id, span, now)
    wanted = (client.id, service.id, mode, starts_at)
    for each in around:
        if _is_live(each, now) and (each.client_id, each.service_id, each.mode, each.starts_at) == wanted:
            return each
    holds.make_way(around, client.id, now)
    eligibility.check_service(counselor, service)
    if service.on_request:
        raise NotOfferedError(f"{counselor.first_name} answers each request for this session: ask for the time.")
    if any(each.client_id == client.id and each.status in LIVE and each.span.overlaps(span) for each in around):
        raise ClientBusyError
    values = new_appointment(counselor, client, service, starts_at, now)
    values |= {"mode": mode, "location_id": eligibility.check_time(service, mode, starts_at, now)}
    if not values["price_cents"] or prices.is_covered(client, service, now):
        values |= {"status": CONFIRMED, "confirmed_at": now, "held_until": None}
    appointment = guards.insert(values)
    events.held.send(events.Held(appointment, now))
    record("held", appointment, client)
    return appointment if appointment.status == HELD else _stands(appointment, now)


def confirm(appointment: Appointment, *, now: datetime, own_letter: bool = True) -> Appointment:
    """Make a held appointment stand, as when it is paid; one that stands already stays as it is.

    Without a letter of its own somebody else tells both people of it, as for a whole series at once.

    A hold that ran out is confirmed too while nobody else has the time. Raises SlotTakenError or ClientBusyError when
    somebody has, and HoldGoneError when the appointment was cancelled or its time has come: whoever paid is refunded.
    """
    lock(appointment)
    if appointment.status in {CONFIRMED, COMPLETED, NO_SHOW}:
        return appointment
    if appointment.status in {REQUESTED, DECLINED}:
        raise HoldGoneError("This session was asked for, and nobody has approved it.")
    if appointment.status == CANCELLED:
        raise HoldGoneError("This session was cancelled before the payment arrived.")
    if now >= appointment.starts_at:
        raise HoldGoneError("The payment arrived after the session would have started.")
    holds.expire_overdue(
        now, time_of(appointment.counselor_id, appointment.client_id), Appointment.id != appointment.id
    )
    with guards.refusing():
        appointment.status = CONFIRMED
        appointment.confirmed_at = appointment.changed_at = now
        appointment.held_until = None
    return _stands(appointment, now, own_letter=own_letter)


def release(appointment: Appointment, *, now: datetime, ending: events.Ending = events.Ending.LEFT) -> None:
    """Let a held time go; an appointment that is not held stays as it is."""
    lock(appointment)
    if appointment.status == HELD:
        holds.let_go(appointment, ending, now)


def cancel(
    appointment: Appointment, *, by: Person, now: datetime, reason: str = "", side: Side | None = None
) -> Appointment:
    """Call an appointment off for somebody on one of its sides; cancelling twice is cancelling once.

    Whoever ends a session for everybody in it acts for a `side` that is not their own. Raises NotAllowedError once it
    is too late to.
    """
    lock(appointment)
    if appointment.status == CANCELLED:
        return appointment
    side = side or side_of(appointment, by)
    if words := policy.refusal_to_cancel(appointment.standing, side, now):
        raise NotAllowedError(words)
    if appointment.status == HELD:
        holds.let_go(appointment, events.Ending.LEFT, now)
        return appointment
    late = side is Side.CLIENT and policy.is_late(appointment.standing, now)
    untold = moving.last_untold(appointment, now)
    appointment.status = CANCELLED
    appointment.cancelled_at = appointment.changed_at = now
    appointment.cancelled_by_id = by.id
    appointment.cancelled_late = late
    appointment.cancel_reason = reason or None
    appointment.sequence += 1
    db.session.flush()
    notices.tell_cancelled(appointment, now, told=untold.told_starts_at if untold else None)
    events.cancelled.send(events.Cancelled(appointment, by, side, late, now))
    record("cancelled", appointment, by, late=late)
    return appointment


def mark_attended(appointment: Appointment, *, attended: bool, by: Person | None, now: datetime) -> Appointment:
    """Note whether the client came, as the counselor or (nobody) the room saw it; a slip may be corrected.

    Raises NotAllowedError.
    """
    lock(appointment)
    if by is not None and side_of(appointment, by) is Side.CLIENT:
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
        record("completed" if attended else "no_show", appointment, by)
    return appointment


def _stands(appointment: Appointment, now: datetime, *, own_letter: bool = True) -> Appointment:
    if own_letter:
        notices.tell_confirmed(appointment, now)
    else:
        notices.remind(appointment, now)
    events.confirmed.send(events.Confirmed(appointment, now))
    record("confirmed", appointment, None)
    return appointment


def _is_live(appointment: Appointment, now: datetime) -> bool:
    lapses = appointment.held_until if appointment.status == HELD else None
    return appointment.status in LIVE and (lapses is None or lapses > now)


def new_appointment(
    counselor: Person, client: Person, service: Service, starts_at: datetime, now: datetime
) -> dict[str, Any]:
    """Return the values of a held appointment under the terms in force, which the client accepts by booking."""
    span = Span.lasting(starts_at, service.minutes)
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    accepted = policies.in_force()
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
        "price_cents": prices.agreed(client, service, now).cents,
        "currency": service.currency,
        "cancellation_notice_hours": accepted.notice_hours,
        "policy_id": policies.kept(accepted, now),
        "accepted_at": now,
        "created_at": now,
        "changed_at": now,
    }
