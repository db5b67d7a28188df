"""What comes of an offer: accepted, declined, taken back, or run out. Each may happen twice and counts once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from booking import events, guards, policies, services
from booking.models.appointments import Appointment
from booking.models.waitlist import (
    ACCEPTED,
    BOOKED,
    DECLINED,
    LAPSED,
    LEFT,
    OPEN,
    PAUSED,
    TAKEN,
    WAITING,
    WITHDRAWN,
    Offer,
    Wish,
)
from booking.policy import HELD
from booking.waitlist import rules, turns
from booking.waitlist.making import OFFER, about, hash_of
from practice.core import audit, outbox
from practice.core.db import db
from practice.core.outbox import DELIVERED, SENT


class OfferGoneError(Exception):
    """The offer has ended, and the time may be somebody else's by now."""


def behind(secret: str) -> Offer | None:
    """Return the offer a link is about, ended or not."""
    return db.session.scalars(select(Offer).where(Offer.token_hash == hash_of(secret))).first()


def accept(offer: Offer, *, now: datetime) -> Offer:
    """Take the time: it is booked at once, or kept a while longer for paying. Accepting twice is accepting once.

    Raises OfferGoneError when the offer has ended.
    """
    _lock(offer)
    if offer.status in {ACCEPTED, TAKEN}:
        return offer
    appointment = offer.appointment
    if offer.status != OPEN or not is_standing(offer, now):
        raise OfferGoneError
    offer.status = ACCEPTED
    appointment.held_until = rules.payment_ends(now, offer.starts_at, offer.expires_at)
    appointment.policy_id, appointment.accepted_at = policies.kept(policies.in_force(), now), now
    offer.wish.unanswered = 0
    db.session.flush()
    audit.record("waitlist.accepted", person_id=offer.client_id, subject=("appointment", appointment.id))
    if not appointment.price:
        services.confirm(appointment, now=now)
    return offer


def decline(offer: Offer, *, now: datetime) -> None:
    """Let the time go to the next in line; the place is kept."""
    _let_go(offer, DECLINED, now)


def withdraw(offer: Offer, *, now: datetime) -> None:
    """Take an offer back."""
    _let_go(offer, WITHDRAWN, now)


def is_standing(offer: Offer, now: datetime) -> bool:
    """Tell whether the time is still held for whoever it was offered to."""
    held_until = offer.appointment.held_until
    return offer.appointment.status == HELD and held_until is not None and held_until > now


def note_booked(confirmed: events.Confirmed) -> None:
    """End the wish whose offer became a session."""
    offer = _about(confirmed.appointment)
    if offer is not None and offer.status != TAKEN:
        _settle(offer, TAKEN, confirmed.now)
        offer.wish.status, offer.wish.ended_at = BOOKED, confirmed.now
        db.session.flush()
    _leave_line(confirmed.appointment, confirmed.now)


def note_released(released: events.Released) -> None:
    """Write down that an offer ended without a session, and have the time offered to the next in line."""
    offer = _about(released.appointment)
    if offer is not None and offer.status in {OPEN, ACCEPTED}:
        lapsed = released.ending is events.Ending.LAPSED
        called_off = offer.group_session_id is not None and offer.status == OPEN
        _settle(offer, LAPSED if lapsed else WITHDRAWN if called_off else DECLINED, released.now)
        _end_refused(offer, released.now)
        if lapsed and (offer.group_session_id or _was_sent(offer)):
            _count_unanswered(offer, released.now)
    turns.stir(released.appointment.counselor_id, released.now)


def note_freed(freed: events.Cancelled | events.Moved) -> None:
    """Have the time that came free offered; a place on offer in a session that moves is offered anew."""
    offer = _about(freed.appointment) if isinstance(freed, events.Moved) else None
    if offer is not None and offer.group_session_id is not None:
        withdraw(offer, now=freed.now)
        offer.starts_at = freed.appointment.starts_at
        db.session.flush()
    kept_until = freed.undo_until if isinstance(freed, events.Moved) else None
    turns.stir(freed.appointment.counselor_id, kept_until or freed.now)


def _let_go(offer: Offer, status: str, now: datetime) -> None:
    _lock(offer)
    if offer.status != OPEN:
        return
    _settle(offer, status, now)
    offer.wish.unanswered = 0
    _end_refused(offer, now)
    services.release(offer.appointment, now=now)


def _settle(offer: Offer, status: str, now: datetime) -> None:
    offer.status, offer.settled_at = status, now
    outbox.withdraw(subject=about(offer), now=now, kinds=(OFFER,))
    db.session.flush()


def _end_refused(offer: Offer, now: datetime) -> None:
    """End the wish for the one session whose place somebody does not want."""
    if offer.group_session_id is not None and offer.status == DECLINED:
        offer.wish.status, offer.wish.ended_at = LEFT, now
        db.session.flush()


def _leave_line(seat: Appointment, now: datetime) -> None:
    """End whatever wish somebody who has a place has for that session, however they came by it."""
    if seat.group_session_id is None:
        return
    for wish in db.session.scalars(
        select(Wish).where(
            Wish.group_session_id == seat.group_session_id,
            Wish.client_id == seat.client_id,
            Wish.status.in_((WAITING, PAUSED)),
        )
    ).all():
        wish.status, wish.ended_at = BOOKED, now
        db.session.flush()


def _count_unanswered(offer: Offer, now: datetime) -> None:
    wish = offer.wish
    wish.unanswered += 1
    if wish.unanswered >= rules.patience(for_group=offer.group_session_id is not None) and wish.status == WAITING:
        wish.status = PAUSED
        outbox.plan(
            key=f"waitlist.paused:{offer.id}",
            kind="waitlist.paused",
            recipient_id=offer.client_id,
            subject=("waitlist_wish", wish.id),
            due_at=now,
            now=now,
        )
    db.session.flush()


def _was_sent(offer: Offer) -> bool:
    """Tell whether word of it left in time: nobody is to blame for not answering what they never got."""
    return any(each.kind == OFFER and each.state in {SENT, DELIVERED} for each in outbox.about(about(offer)))


def _about(appointment: Appointment) -> Offer | None:
    return db.session.scalars(select(Offer).where(Offer.appointment_id == appointment.id)).first()


def _lock(offer: Offer) -> None:
    guards.lock_people(*guards.people_of(offer.appointment))
    db.session.refresh(offer, with_for_update={"of": Offer})
    db.session.refresh(offer.appointment)
