"""What counselors and members do with group sessions. Services flush, the caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking import eligibility, guards, holds, policy, published, services
from booking.groups import invitations, letters, seats
from booking.groups.terms import GroupTerms
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, GroupSession
from booking.models.services import Service
from booking.policy import CANCELLED, COMPLETED, NO_SHOW, Side
from booking.refusals import ClientBusyError, NotAllowedError, NotOfferedError
from practice.core import audit
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def schedule(service: Service, terms: GroupTerms, *, now: datetime) -> GroupSession:
    """Plan a group session in the counselor's own time, within their hours or not. Raises a refusal."""
    if service.kind != policy.GROUP:
        raise NotOfferedError("Choose a service that is meant for a group.")
    check_ahead(terms.starts_at, now)
    guards.lock_people(service.counselor_id)
    holds.expire_overdue(now, Appointment.counselor_id == service.counselor_id)
    session = new_session(service, terms, now=now)
    with guards.refusing():
        db.session.add(session)
    letters.remind(session, now)
    record("scheduled", session, service.counselor, places=session.capacity)
    return session


def new_session(service: Service, terms: GroupTerms, *, now: datetime) -> GroupSession:
    """Lay out a session with the service's length, price and the time kept free around it."""
    span = Span.lasting(terms.starts_at, service.minutes)
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    return GroupSession(
        counselor_id=service.counselor_id,
        service_id=service.id,
        kind=service.kind,
        title=terms.title,
        mode=terms.mode,
        location_id=terms.location_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        blocked_from=blocked.starts_at,
        blocked_until=blocked.ends_at,
        capacity=terms.capacity,
        listed=terms.listed,
        price_cents=service.price_cents,
        currency=service.currency,
        status=SCHEDULED,
        created_at=now,
        changed_at=now,
    )


def join(session: GroupSession, client: Person, *, now: datetime) -> Appointment:
    """Take a place in a listed group; joining twice is joining once. Raises FullError and other refusals."""
    seats.lock(session, client, now=now)
    if again := seats.seat_of(session, client):
        return again
    if not session.listed:
        raise NotOfferedError("This session is by invitation. Ask the counselor for one.")
    if now > closes_at(session):
        notice = eligibility.length_in_words(published.rules_of(session.counselor_id).notice_minutes)
        raise NotOfferedError(f"Places can be taken until {notice} before the session.")
    return seats.take(session, client, session.price, now, payer=None)


def closes_at(session: GroupSession) -> datetime:
    """Return until when anybody may join by themselves: the counselor's notice is that of any other booking."""
    return session.starts_at - timedelta(minutes=published.rules_of(session.counselor_id).notice_minutes)


def add(session: GroupSession, client: Person, *, payer: Person | None, now: datetime) -> Appointment:
    """Put a client on the roster on the counselor's word; whoever pays is billed. Raises a refusal."""
    seats.lock(session, client, *([payer] if payer else []), now=now)
    if seats.seat_of(session, client):
        raise NotAllowedError(f"{client.first_name} is already on the list.")
    try:
        seat = seats.take(session, client, session.price, now, payer=payer, accepted=False)
    except ClientBusyError as error:
        raise ClientBusyError(f"{client.first_name} has another session at that time.") from error
    return services.confirm(seat, now=now)


def change_places(session: GroupSession, *, capacity: int, listed: bool, now: datetime) -> None:
    """Open more or fewer places, and the list or not. Raises FullError below the number of people who come."""
    seats.lock(session, now=now)
    with guards.refusing():
        session.capacity, session.listed, session.changed_at = capacity, listed, now


def call_off(session: GroupSession, *, by: Person, now: datetime, reason: str = "") -> None:
    """Cancel a session with every place in it; twice is once. Raises NotAllowedError once it is too late to."""
    seats.lock(session, now=now)
    if session.status == CANCELLED:
        return
    taken = seats.live(session)
    if now >= session.ends_at or any(seat.status in {COMPLETED, NO_SHOW} for seat in taken):
        raise NotAllowedError("This session has taken place, so it can no longer be cancelled.")
    for seat in taken:
        services.cancel(seat, by=by, now=now, reason=reason, side=Side.COUNSELOR)
    if session.status != CANCELLED:  # a family's went with its booker's seat
        close(session, by, now)


def close(session: GroupSession, by: Person | None, now: datetime) -> None:
    """Let an empty session's time go."""
    session.status, session.changed_at, session.held_until = CANCELLED, now, None
    session.sequence += 1
    db.session.flush()
    invitations.withdraw_all(session, now)
    letters.stop_reminding(session, now)
    record("cancelled", session, by)


def record(deed: str, session: GroupSession, by: Person | None, **detail: object) -> None:
    """Note a deed in the audit log."""
    audit.record(
        f"group_session.{deed}",
        person_id=by.id if by else None,
        subject=("group_session", session.id),
        detail=detail,
    )


def check_ahead(starts_at: datetime, now: datetime) -> None:
    """Raise NotOfferedError for a time that has passed."""
    if starts_at <= now:
        raise NotOfferedError("This time has passed. Choose a later one.")
