"""Offers freed times in order: holds one for the first in line it suits, and writes to them.

An offer is an ordinary hold, so the database's guard keeps anybody else away from the time, a second offer included.
Each offer is a transaction of its own. Services flush, the caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from booking import availability, eligibility, events, guards, holds, moving, services
from booking.models.appointments import Appointment
from booking.models.waitlist import OPEN, WAITING, Offer, Wish
from booking.policy import CANCELLED
from booking.refusals import BookingRefusedError, NotOfferedError, SlotTakenError
from booking.waitlist import group_lines, queries, rules
from booking.waitlist.making import write_down
from booking.waitlist.queries import Waiting
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def offer_next(counselor_id: int, now: datetime) -> Offer | None:
    """Offer one free time or place to the first in line it suits, or None when nothing suits anybody now."""
    chosen = queries.rules_of(counselor_id)
    counselor = db.session.get_one(Person, counselor_id)
    if not chosen.active or counselor.closed_at is not None:
        return None
    for waiting in _awake(queries.line_of(counselor_id), now):
        if waiting.wish.group_session is not None:
            if made := _place(waiting, chosen.offer_minutes, now):
                return made
            continue
        for starts_at in suitable(waiting, counselor_id, chosen.offer_minutes, now):
            try:
                with db.session.begin_nested():
                    return offer(waiting, counselor, starts_at, now, minutes=chosen.offer_minutes)
            except BookingRefusedError:
                break
    return None


def offer(
    waiting: Waiting, counselor: Person, starts_at: datetime, now: datetime, *, minutes: int, by_hand: bool = False
) -> Offer:
    """Hold a time for somebody who waits, and write to them. Raises a refusal when it cannot be theirs."""
    wish, service = waiting.wish, waiting.service
    expires_at = rules.offer_ends(now, starts_at, minutes)
    if expires_at is None:
        raise NotOfferedError("This time is too soon to be offered.")
    guards.lock_people(counselor.id, wish.client_id)
    db.session.refresh(wish, with_for_update={"of": Wish})
    if wish.status != WAITING or queries.offers_open(client=wish.client):
        raise NotOfferedError(f"{wish.client.first_name} is not waiting for an offer just now.")
    if starts_at in queries.offered_before(wish.id, counselor.id, now):
        raise NotOfferedError(f"{wish.client.first_name} was offered this time before.")
    holds.expire_overdue(now, Appointment.counselor_id == counselor.id)
    eligibility.check_service(counselor, service)
    eligibility.check_client(wish.client, Span.lasting(starts_at, service.minutes), now)
    if starts_at not in _free(waiting, counselor.id, Span.lasting(starts_at, service.minutes), now):
        raise SlotTakenError
    appointment = guards.insert(
        services.new_appointment(counselor, wish.client, service, starts_at, now)
        | {
            "mode": service.modes[0],
            "held_until": expires_at,
            "approved_at": now,  # so that it outlives whatever else the client holds meanwhile
            "policy_id": None,  # the terms are accepted with the offer
            "accepted_at": None,
        }
    )
    appointment.location_id = eligibility.location_at(appointment, starts_at, now)
    events.held.send(events.Held(appointment, now))
    return write_down(wish, appointment, expires_at, now, by_hand=by_hand)


def suitable(waiting: Waiting, counselor_id: int, minutes: int, now: datetime) -> list[datetime]:
    """Return the free times that suit somebody and were not offered to them before, in order."""
    before = queries.offered_before(waiting.wish.id, counselor_id, now)
    window = waiting.window
    first = datetime.combine(window.first_on, time.min, UTC) - timedelta(days=1)
    last = datetime.combine(window.last_on, time.min, UTC) + timedelta(days=2)
    if last <= now:
        return []
    return [
        each
        for each in _free(waiting, counselor_id, Span(max(first, now), last), now)
        if each not in before and window.suits(each, now) and rules.offer_ends(now, each, minutes)
    ]


def _place(waiting: Waiting, minutes: int, now: datetime) -> Offer | None:
    session = waiting.wish.group_session
    if session is None or not group_lines.has_room(session, now):
        return None
    try:
        with db.session.begin_nested():
            return group_lines.offer_place(waiting, now, minutes=minutes)
    except BookingRefusedError:
        return None


def _awake(line: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """Leave out whoever sleeps, is paused or has an offer to answer; they keep their places."""
    busy = set(db.session.scalars(select(Offer.client_id).where(Offer.status == OPEN)))
    return [
        each
        for each in line
        if each.wish.status == WAITING
        and each.wish.client_id not in busy
        and not rules.is_night(now, each.wish.client.zone)
    ]


def _free(waiting: Waiting, counselor_id: int, span: Span, now: datetime) -> list[datetime]:
    """Return the counselor's free times, and those that a cancellation freed short of their notice.

    The counselor had reckoned with that hour, so the notice that guards against surprises does not count. The old time
    of a session that was moved is left alone for as long as the move may be taken back.
    """
    need = availability.need_of(waiting.service, waiting.service.modes[0])
    client_id = waiting.wish.client_id
    free = set(availability.free_times(counselor_id, need, span, now, client_id=client_id))
    if freed := _called_off(counselor_id, now) - free:
        short = availability.free_times(counselor_id, need, span, now, client_id=client_id, free_of_notice=True)
        free |= freed & set(short)
    kept = [old for old, _ in moving.undoable_times(counselor_id, now)]
    service = waiting.service
    blocked = {
        each: Span.lasting(each, service.minutes).widened(before=service.buffer_before, after=service.buffer_after)
        for each in (free if kept else ())
    }
    return sorted(each for each in free if not any(blocked[each].overlaps(old) for old in kept))


def _called_off(counselor_id: int, now: datetime) -> set[datetime]:
    return set(
        db.session.scalars(
            select(Appointment.starts_at).where(
                Appointment.counselor_id == counselor_id,
                Appointment.status == CANCELLED,
                Appointment.starts_at > now,
                Appointment.starts_at < now + timedelta(days=31),
            )
        )
    )
