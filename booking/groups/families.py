"""Couples and families: one of them books, says who comes along and who pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from booking import eligibility, events, guards, holds, policy
from booking.groups import invitations, letters, seats, services
from booking.groups.shares import shares
from booking.groups.terms import Companion, GroupTerms
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, STANDING, GroupSession
from booking.models.services import Service
from booking.policy import EXPIRED, HELD, Side
from booking.refusals import NotAllowedError, NotOfferedError
from booking.services import cancel
from practice.core.db import db
from practice.core.settings import settings
from practice.core.spans import Span
from practice.models import Person


def book(
    service: Service,
    booker: Person,
    starts_at: datetime,
    companions: Sequence[Companion],
    *,
    now: datetime,
    mode: str | None = None,
) -> Appointment:
    """Keep a time for several people and return the booker's seat; the others are asked once it stands.

    Raises a refusal. Pressing twice books once.
    """
    _check_people(service, booker, companions)
    counselor = service.counselor
    guards.lock_people(counselor.id, booker.id)
    if again := _already(service, booker, starts_at):
        return again
    holds.expire_overdue(now, Appointment.counselor_id == counselor.id)
    holds.let_go_of_others(booker, now)
    eligibility.check_service(counselor, service, kind=policy.FAMILY)
    eligibility.check_client(booker, Span.lasting(starts_at, service.minutes), now)
    mode = eligibility.check_mode(service, mode)
    location_id = eligibility.check_time(service, mode, starts_at, now)
    terms = GroupTerms(service.name, starts_at, service.capacity, listed=False, mode=mode, location_id=location_id)
    session = services.new_session(service, terms, now=now)
    session.booker_id = booker.id
    session.status, session.held_until = HELD, now + timedelta(minutes=settings().hold_minutes)
    with guards.refusing():
        db.session.add(session)
    own, *others = shares(service.price, [each.pays_own for each in companions])
    for companion, share in zip(companions, others, strict=True):
        invitations.invite(session, companion, price=share, payer=None, by=booker, now=now)
    services.record("held", session, booker, people=len(companions) + 1)
    return seats.take(session, booker, own, now, payer=None)


def subscribe() -> None:
    """Let a family's session follow its booker's seat."""
    events.confirmed.subscribe(_stand)
    events.released.subscribe(_lapse)
    events.cancelled.subscribe(_follow)


def _stand(happened: events.Confirmed) -> None:
    session = _family_of(happened.appointment)
    if session is None or session.status != HELD:
        return
    session.status, session.held_until, session.changed_at = SCHEDULED, None, happened.now
    db.session.flush()
    for invitation in session.invitations:
        invitations.send(invitation, happened.now)
    letters.remind(session, happened.now)
    services.record("scheduled", session, session.booker)


def _lapse(happened: events.Released) -> None:
    session = _family_of(happened.appointment)
    if session is not None and session.status == HELD:
        session.status, session.changed_at = EXPIRED, happened.now
        db.session.flush()


def _follow(happened: events.Cancelled) -> None:
    """Nobody comes without the booker: whoever cancels the booker's seat cancels the session."""
    seat = happened.appointment
    session = _family_of(seat)
    if session is None or session.status != SCHEDULED or seat.client_id != session.booker_id:
        return
    side = Side.PRACTICE if happened.side is Side.CLIENT else happened.side
    for other in seats.live(session):
        cancel(other, by=happened.by, now=happened.now, side=side)
    services.close(session, happened.by, happened.now)


def _family_of(seat: Appointment) -> GroupSession | None:
    session = seat.group_session
    return session if session is not None and session.is_family else None


def _already(service: Service, booker: Person, starts_at: datetime) -> Appointment | None:
    session = db.session.scalars(
        select(GroupSession).where(
            GroupSession.service_id == service.id,
            GroupSession.booker_id == booker.id,
            GroupSession.starts_at == starts_at,
            GroupSession.status.in_(STANDING),
        )
    ).first()
    return seats.seat_of(session, booker) if session else None


def _check_people(service: Service, booker: Person, companions: Sequence[Companion]) -> None:
    if booker.id == service.counselor_id:
        raise NotAllowedError("You cannot book a session with yourself.")
    if not 1 <= len(companions) < service.capacity:
        raise NotOfferedError(f"This session is for 2 to {service.capacity} people.")
