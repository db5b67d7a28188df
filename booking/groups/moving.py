"""Moving a shared session with everybody in it, and taking that back for as long as nobody has been told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from booking import eligibility, events, guards, notices, policy
from booking.groups import letters, seats, services
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.moves import Move
from booking.moving import UNDO_LASTS
from booking.policy import CONFIRMED, Side
from booking.refusals import BookingRefusedError, ClientBusyError, NotAllowedError
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def move(session: GroupSession, *, starts_at: datetime, by: Person, now: datetime) -> GroupSession:
    """Move a session with everybody in it, who are told once it can no longer be undone. Raises a refusal."""
    seats.lock(session, now=now)
    _check_standing(session, now)
    services.check_ahead(starts_at, now)
    if starts_at == session.starts_at:
        return session
    before, earlier = session.span, last_untold(session, now)
    _shift(session, starts_at - session.starts_at, now)
    noted = _note(session, before, earlier.told if earlier else before, by, now)
    for seat in _moved_seats(session, now):
        if seat.status == CONFIRMED:
            heard = last_heard(seat, earlier, before)
            notices.tell_moved(seat, heard, now, due_at=noted.undo_until, everybody=_is_booker(seat, by))
        events.moved.send(events.Moved(seat, before, by, now, noted.undo_until))
    letters.remind(session, now)
    services.record("moved", session, by, before=before.starts_at.isoformat())
    return session


def move_for_all(seat: Appointment, *, starts_at: datetime, by: Person, now: datetime) -> Appointment:
    """Let whoever booked for a family move it, within the policy and to a time on offer. Raises a refusal."""
    session = seat.group_session
    if session is None or not leads(seat, by):
        raise NotAllowedError("Only whoever booked for everybody can move this session.")
    seats.lock(session, now=now)
    db.session.refresh(seat)
    if words := refusal_to_move(seat, by, now):
        raise NotAllowedError(words)
    eligibility.check_move(seat, Span.lasting(starts_at, seat.span.minutes), now, free_of_notice=False)
    place = eligibility.location_at(seat, starts_at, now)
    move(session, starts_at=starts_at, by=by, now=now)
    session.location_id = place
    for each in seats.live(session):
        each.location_id = place
    db.session.flush()
    return seat


def undo(session: GroupSession, *, by: Person, now: datetime) -> GroupSession:
    """Put a session back to where its last move took it from; nobody is told of either. Raises NotAllowedError."""
    seats.lock(session, now=now)
    last = undoable(session, by, now)
    if last is None:
        raise NotAllowedError("There is nothing to undo: everybody has been told of the new time.")
    if last.from_starts_at <= now:
        raise NotAllowedError("The old time has begun, so the session stays at the new one.")
    before = session.span
    try:
        _shift(session, last.from_starts_at - session.starts_at, now)
    except BookingRefusedError as refusal:
        words = "The old time has been taken in the meantime, so the session stays at the new one."
        raise NotAllowedError(words) from refusal
    last.undone_at = now
    for seat in _moved_seats(session, now):
        if seat.status == CONFIRMED:
            heard = last_heard(seat, last, before)
            notices.tell_moved(seat, heard, now, due_at=last.undo_until, everybody=_is_booker(seat, by))
        events.moved.send(events.Moved(seat, before, by, now, undone=True))
    letters.remind(session, now)
    services.record("move_undone", session, by, before=before.starts_at.isoformat())
    return session


def undoable(session: GroupSession, person: Person, now: datetime) -> Move | None:
    """Return the last move of a session while this person, who made it, can take it back."""
    last = last_untold(session, now)
    if last is None or last.by_id != person.id or not seats.is_scheduled(session):
        return None
    return last if last.after == session.span else None


def last_untold(session: GroupSession, now: datetime) -> Move | None:
    """Return the last move of a session that stands and of which nobody has been told yet."""
    return db.session.scalars(
        select(Move)
        .where(Move.group_session_id == session.id, Move.undo_until > now, Move.undone_at.is_(None))
        .order_by(Move.id.desc())
        .limit(1)
    ).first()


def last_heard(seat: Appointment, untold: Move | None, present: Span) -> Span:
    """Return the time somebody knows of: whoever came after a move has heard of the time it went to."""
    if untold is None or seat.confirmed_at is None or seat.confirmed_at > untold.moved_at:
        return present
    return untold.told


def leads(seat: Appointment, person: Person) -> bool:
    """Tell whether a seat is that of the person who booked for all of a family."""
    session = seat.group_session
    return session is not None and session.is_family and person.id == session.booker_id == seat.client_id


def refusal_to_move(seat: Appointment, person: Person, now: datetime) -> str | None:
    """Say why this person cannot move the appointment now; whoever booked for all may, within their own policy."""
    standing = replace(seat.standing, shared=False) if leads(seat, person) else seat.standing
    return policy.refusal_to_move(standing, seat.side_of(person) or Side.CLIENT, now)


def _is_booker(seat: Appointment, by: Person) -> bool:
    """Tell whether the counselor is to be told with this seat: of a move that was not their own."""
    return leads(seat, by)


def _shift(session: GroupSession, by_how_much: timedelta, now: datetime) -> None:
    taken = seats.live(session)
    with guards.refusing():
        session.starts_at += by_how_much
        session.ends_at += by_how_much
        session.blocked_from += by_how_much
        session.blocked_until += by_how_much
        session.sequence += 1
        session.changed_at = now
        with db.session.no_autoflush:
            _check_members(session, taken, now)


def _moved_seats(session: GroupSession, now: datetime) -> Sequence[Appointment]:
    found = seats.live(session)
    for seat in found:
        seat.sequence += 1
        seat.changed_at = now
    db.session.flush()
    return found


def _note(session: GroupSession, before: Span, told: Span, by: Person, now: datetime) -> Move:
    noted = Move(
        group_session_id=session.id,
        from_starts_at=before.starts_at,
        from_ends_at=before.ends_at,
        to_starts_at=session.starts_at,
        to_ends_at=session.ends_at,
        told_starts_at=told.starts_at,
        told_ends_at=told.ends_at,
        by_id=by.id,
        moved_at=now,
        undo_until=min(now + UNDO_LASTS, session.starts_at),
    )
    db.session.add(noted)
    db.session.flush()
    return noted


def _check_standing(session: GroupSession, now: datetime) -> None:
    if not seats.is_scheduled(session):
        raise NotAllowedError("This session is not taking place, so it cannot be moved.")
    if now >= session.starts_at:
        raise NotAllowedError("This session has already started, so it can no longer be moved.")


def _check_members(session: GroupSession, taken: Sequence[Appointment], now: datetime) -> None:
    for seat in taken:
        if seats.is_busy(seat.client, session, now, seat=seat):
            raise ClientBusyError(f"{seat.client.first_name} has another session at that time.")
