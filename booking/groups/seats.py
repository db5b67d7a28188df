"""Seats in a shared session: ordinary appointments that lie where their session lies. Callers hold the locks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from booking import availability, eligibility, events, guards, holds, services
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, STANDING, GroupSession
from booking.policy import LIVE
from booking.refusals import FullError, NotAllowedError, NotOfferedError
from practice.core import audit
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


def lock(session: GroupSession, *people: Person, now: datetime) -> None:
    """Let one transaction at a time decide about a session, its people's time and these people's."""
    counselor = session.counselor_id
    guards.lock_people(counselor, *(each.client_id for each in live(session)), *(person.id for person in people))
    holds.expire_overdue(
        now, or_(Appointment.counselor_id == counselor, Appointment.client_id.in_([person.id for person in people]))
    )
    db.session.refresh(session, with_for_update={"of": GroupSession})


def live(session: GroupSession) -> Sequence[Appointment]:
    """Return the seats that are taken, in the order they were."""
    return db.session.scalars(
        select(Appointment)
        .where(Appointment.group_session_id == session.id, Appointment.status.in_(LIVE))
        .order_by(Appointment.id)
        .execution_options(populate_existing=True)
    ).all()


def seat_of(session: GroupSession, person: Person) -> Appointment | None:
    """Return the seat a person has."""
    return next((seat for seat in live(session) if seat.client_id == person.id), None)


def take(
    session: GroupSession,
    person: Person,
    price: Money,
    now: datetime,
    *,
    payer: Person | None,
    accepted: bool = True,
) -> Appointment:
    """Give a person a seat: kept while they pay, and theirs at once when they need not.

    They accept the terms in force unless somebody else put them there. Raises FullError, ClientBusyError,
    NotOfferedError or NotAllowedError.
    """
    check_open(session, now)
    if person.id == session.counselor_id:
        raise NotAllowedError("This is your own session.")
    holds.let_go_of_others(person, now)
    eligibility.check_client(person, session.span, now)
    if len(live(session)) >= session.capacity:
        raise FullError
    seat = guards.insert(_values(session, person, price, now, payer=payer, accepted=accepted))
    events.held.send(events.Held(seat, now))
    audit.record("appointment.held", person_id=person.id, subject=("appointment", seat.id))
    if seat.price and seat.billed.id == person.id:
        return seat
    return services.confirm(seat, now=now)


def keep(session: GroupSession, person: Person, until: datetime, now: datetime) -> Appointment:
    """Hold a seat for somebody it is offered to, who accepts the terms with the offer. Raises FullError.

    It outlives whatever else they hold meanwhile.
    """
    check_open(session, now)
    if len(live(session)) >= session.capacity:
        raise FullError
    values = _values(session, person, session.price, now, payer=None, accepted=False)
    return guards.insert(values | {"held_until": until, "approved_at": now})


def check_open(session: GroupSession, now: datetime) -> None:
    """Raise NotOfferedError once nobody can come in any more."""
    if session.status not in STANDING:
        raise NotOfferedError("This session is not taking place.")
    if now >= session.starts_at:
        raise NotOfferedError("This session has already started.")


def is_scheduled(session: GroupSession) -> bool:
    """Tell whether the session stands."""
    return session.status == SCHEDULED


def is_busy(person: Person, session: GroupSession, now: datetime, *, seat: Appointment) -> bool:
    """Tell whether a person has something else while the session would be."""
    return bool(availability.taken_by(person.id, session.span, now, leaving_out=seat.id))


def _values(
    session: GroupSession, person: Person, price: Money, now: datetime, *, payer: Person | None, accepted: bool
) -> dict[str, Any]:
    usual = services.new_appointment(session.counselor, person, session.service, session.starts_at, now)
    terms = {} if accepted else {"policy_id": None, "accepted_at": None}
    return (
        usual
        | terms
        | {
            "group_session_id": session.id,
            "payer_id": payer.id if payer and payer.id != person.id else None,
            "mode": session.mode,
            "location_id": session.location_id,
            "starts_at": session.starts_at,
            "ends_at": session.ends_at,
            "blocked_from": session.blocked_from,
            "blocked_until": session.blocked_until,
            "price_cents": price.cents,
            "currency": price.currency,
        }
    )
