"""Moving an appointment, and taking a move back for as long as nobody has been told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from booking import eligibility, events, guards, holds, notices, policy
from booking.deeds import lock, record, side_of, time_of
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.moves import Move
from booking.policy import CONFIRMED, Side
from booking.refusals import BookingRefusedError, NotAllowedError
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person

UNDO_LASTS = timedelta(minutes=3)


def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    by: Person,
    now: datetime,
    minutes: int | None = None,
    outside: bool = False,
) -> Appointment:
    """Move an appointment to another free time; it stays the same appointment, one version on.

    A client moves within the notice and to times on offer; a counselor at any time before the start, may ignore their
    own notice and horizon, and may give it another length; and when they say so, `outside` their hours. Nobody is told
    before the time to undo is over. Raises NotAllowedError, OutsideHoursError, NotOfferedError, SlotTakenError or
    ClientBusyError.
    """
    lock(appointment)
    after = Span.lasting(starts_at, minutes or appointment.span.minutes)
    if appointment.status == CONFIRMED and appointment.span == after:
        return appointment
    side = side_of(appointment, by)
    _refuse(appointment, side, after, now)
    holds.expire_overdue(now, time_of(appointment.counselor_id, appointment.client_id))
    eligibility.check_move(appointment, after, now, free_of_notice=side is not Side.CLIENT, outside=outside)
    before, earlier = appointment.span, last_untold(appointment, now)
    _place(appointment, after, now)
    told = earlier.told if earlier else before
    noted = _note(appointment, before, told, by, now)
    notices.tell_moved(appointment, told, now, due_at=noted.undo_until)
    events.moved.send(events.Moved(appointment, before, by, now, noted.undo_until))
    record("moved", appointment, by, before=before.starts_at.isoformat())
    return appointment


def undo_move(appointment: Appointment, *, by: Person, now: datetime) -> Appointment:
    """Put an appointment back where its last move took it from; nobody is told of either.

    Raises NotAllowedError when the time to undo is over, or the old time has gone to somebody else.
    """
    lock(appointment)
    last = undoable(appointment, by, now)
    if last is None:
        raise NotAllowedError("There is nothing to undo: both of you have been told of the new time.")
    if last.from_starts_at <= now:
        raise NotAllowedError("The old time has begun, so the session stays at the new one.")
    holds.expire_overdue(now, time_of(appointment.counselor_id, appointment.client_id))
    before = appointment.span
    try:
        _place(appointment, last.before, now)
    except BookingRefusedError as refusal:
        words = "The old time has been taken in the meantime, so the session stays at the new one."
        raise NotAllowedError(words) from refusal
    last.undone_at = now
    notices.tell_moved(appointment, last.told, now, due_at=last.undo_until)
    events.moved.send(events.Moved(appointment, before, by, now, undone=True))
    record("move_undone", appointment, by, before=before.starts_at.isoformat())
    return appointment


def undoable(appointment: Appointment, person: Person, now: datetime) -> Move | None:
    """Return the last move of an appointment while this person, who made it, can take it back."""
    last = last_untold(appointment, now)
    if last is None or last.by_id != person.id or appointment.status != CONFIRMED or last.appointment_id is None:
        return None
    return last if last.after == appointment.span else None


def last_untold(appointment: Appointment, now: datetime) -> Move | None:
    """Return the last move of an appointment, or of the session it is in, of which nobody has been told yet.

    Whoever came into the session after its move has heard of the new time and of no other.
    """
    of_it = Move.appointment_id == appointment.id
    if appointment.group_session_id is not None:
        of_it = (Move.group_session_id == appointment.group_session_id) & (
            Move.moved_at >= (appointment.confirmed_at or appointment.created_at)
        )
    return db.session.scalars(
        select(Move).where(of_it, Move.undo_until > now, Move.undone_at.is_(None)).order_by(Move.id.desc()).limit(1)
    ).first()


def last_by(person: Person, now: datetime) -> Move | None:
    """Return the last move somebody made, while they can take it back."""
    last = db.session.scalars(
        select(Move)
        .where(
            Move.by_id == person.id, Move.appointment_id.is_not(None), Move.undo_until > now, Move.undone_at.is_(None)
        )
        .order_by(Move.id.desc())
    ).first()
    if last is None or last.appointment is None:
        return None
    return last if undoable(last.appointment, person, now) == last else None


def undoable_times(counselor_id: int, now: datetime) -> list[tuple[Span, datetime]]:
    """Return the old times that a counselor's moves may still be taken back to, each with until when, soonest first."""
    rows = db.session.execute(
        select(Move.from_starts_at, Move.from_ends_at, Move.undo_until)
        .outerjoin(Move.appointment)
        .outerjoin(Move.group_session)
        .where(
            func.coalesce(Appointment.counselor_id, GroupSession.counselor_id) == counselor_id,
            Move.undo_until > now,
            Move.undone_at.is_(None),
        )
        .order_by(Move.undo_until)
    ).all()
    return [(Span(begins, ends), until) for begins, ends, until in rows]


def _refuse(appointment: Appointment, side: Side, after: Span, now: datetime) -> None:
    if words := policy.refusal_to_move(appointment.standing, side, now):
        raise NotAllowedError(words)
    if after.minutes != appointment.span.minutes:
        if side is Side.CLIENT:
            raise NotAllowedError("Your counselor decides how long a session lasts.")
        if not policy.SHORTEST <= after.minutes <= policy.LONGEST:
            raise NotAllowedError(f"A session lasts {policy.SHORTEST} to {policy.LONGEST} minutes.")


def _place(appointment: Appointment, after: Span, now: datetime) -> None:
    before = appointment.starts_at - appointment.blocked_from
    behind = appointment.blocked_until - appointment.ends_at
    location_id = eligibility.location_at(appointment, after.starts_at, now)
    with guards.refusing():
        appointment.location_id = location_id
        appointment.starts_at, appointment.ends_at = after.starts_at, after.ends_at
        appointment.blocked_from, appointment.blocked_until = after.starts_at - before, after.ends_at + behind
        appointment.sequence += 1
        appointment.changed_at = now


def _note(appointment: Appointment, before: Span, told: Span, by: Person, now: datetime) -> Move:
    noted = Move(
        appointment_id=appointment.id,
        from_starts_at=before.starts_at,
        from_ends_at=before.ends_at,
        to_starts_at=appointment.starts_at,
        to_ends_at=appointment.ends_at,
        told_starts_at=told.starts_at,
        told_ends_at=told.ends_at,
        by_id=by.id,
        moved_at=now,
        undo_until=min(now + UNDO_LASTS, appointment.starts_at),
    )
    db.session.add(noted)
    db.session.flush()
    return noted
