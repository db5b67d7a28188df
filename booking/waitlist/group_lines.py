"""The line for one session of a group: whoever waits is offered a free place before anybody else may take it.

A place on offer is an ordinary seat that is held, so nobody else gets it meanwhile. Until the offer is made, a free
place is kept for as many as could be offered one. Services flush, the caller commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from booking import availability, eligibility, events, guards
from booking.groups import seats
from booking.groups import services as groups
from booking.live import still_live
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.waitlist import PAUSED, WAITING, Offer, Wish
from booking.refusals import FullError, NotAllowedError, NotOfferedError
from booking.reminding import planning
from booking.waitlist import places, queries, rules, turns
from booking.waitlist.making import write_down
from booking.waitlist.queries import Waiting
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def wait(session: GroupSession, client: Person, *, now: datetime) -> Wish:
    """Put a client at the end of a session's line; asking twice is asking once. Raises a refusal."""
    guards.lock_people(client.id)
    if again := wish_for(session, client):
        return again
    _check_may_wait(session, client, now)
    wish = Wish(
        client_id=client.id,
        counselor_id=session.counselor_id,
        service_id=session.service_id,
        group_session_id=session.id,
        kind=session.service.name,
        times=rules.ALWAYS,
        first_on=now.date(),
        last_on=session.starts_at.date() + timedelta(days=1),
        notice_minutes=0,
        by_text=planning.wants_texts(client),
        status=WAITING,
        unanswered=0,
        created_at=now,
    )
    db.session.add(wish)
    db.session.flush()
    turns.add_missing(now)
    turns.stir(session.counselor_id, now)
    audit.record("waitlist.joined", person_id=client.id, subject=("waitlist_wish", wish.id))
    return wish


def join(session: GroupSession, client: Person, *, now: datetime) -> Appointment:
    """Take a place that nobody in line is to be offered first. Raises FullError and other refusals."""
    seats.lock(session, client, now=now)
    if seats.seat_of(session, client) is None and is_kept(session, client, now):
        raise FullError("People who waited are asked about the free place first. Nothing was booked.")
    return groups.join(session, client, now=now)


def offer_place(waiting: Waiting, now: datetime, *, minutes: int, by_hand: bool = False) -> Offer:
    """Hold a place for somebody in line, and write to them. Raises a refusal when it cannot be theirs."""
    wish, session = waiting.wish, waiting.wish.group_session
    if session is None:
        raise NotOfferedError("This is not about a group.")
    expires_at = rules.offer_ends(now, session.starts_at, minutes)
    if expires_at is None:
        raise NotOfferedError("This session is too soon for its places to be offered.")
    seats.lock(session, wish.client, now=now)
    db.session.refresh(wish, with_for_update={"of": Wish})
    if wish.status != WAITING or queries.offers_open(client=wish.client):
        raise NotOfferedError(f"{wish.client.first_name} is not waiting for an offer just now.")
    eligibility.check_client(wish.client, session.span, now)
    seat = seats.keep(session, wish.client, expires_at, now)
    events.held.send(events.Held(seat, now))
    return write_down(wish, seat, expires_at, now, by_hand=by_hand)


def is_kept(session: GroupSession, client: Person | None, now: datetime) -> bool:
    """Tell whether every free place is kept for people who are in line before this client."""
    left = session.capacity - _taken(session, now)
    chosen = queries.rules_of(session.counselor_id)
    if left <= 0 or not chosen.active:
        return False
    ahead = []
    for waiting in queries.line_for(session):
        if client is not None and waiting.wish.client_id == client.id:
            break
        ahead.append(waiting)
    return sum(_could_be_asked(each, session, chosen.offer_minutes, now) for each in ahead) >= left


def has_room(session: GroupSession, now: datetime) -> bool:
    """Tell whether a place could be offered at all."""
    open_to_all = session.listed and seats.is_scheduled(session) and session.starts_at > now
    return open_to_all and _taken(session, now) < session.capacity


def wish_for(session: GroupSession, client: Person) -> Wish | None:
    """Return the wish of a client who is in a session's line."""
    return db.session.scalars(
        select(Wish).where(
            Wish.group_session_id == session.id, Wish.client_id == client.id, Wish.status.in_((WAITING, PAUSED))
        )
    ).first()


def _check_may_wait(session: GroupSession, client: Person, now: datetime) -> None:
    seats.check_open(session, now)
    if client.id == session.counselor_id:
        raise NotAllowedError("This is your own session.")
    if not session.listed:
        raise NotOfferedError("This session is by invitation. Ask the counselor for one.")
    if seats.seat_of(session, client):
        raise NotAllowedError("You have a place in this session already.")
    if has_room(session, now) and not is_kept(session, client, now):
        raise NotAllowedError("There is a free place: you need not wait for one.")
    if places.is_waiting_enough(client):
        raise NotAllowedError("You are waiting for five things already. Leave one of them first.")


def _could_be_asked(waiting: Waiting, session: GroupSession, minutes: int, now: datetime) -> bool:
    wish = waiting.wish
    if wish.status != WAITING or queries.offers_open(client=wish.client):
        return False
    asked_at = rules.wakes_at(now, wish.client.zone)
    if rules.offer_ends(asked_at, session.starts_at, minutes) is None:
        return False
    return not availability.taken_by(wish.client_id, session.span, now)


def _taken(session: GroupSession, now: datetime) -> int:
    chosen = select(func.count()).where(Appointment.group_session_id == session.id, still_live(now))
    return db.session.scalar(chosen) or 0
