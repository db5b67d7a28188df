"""What people do with the line: join it, leave it, wait on, put somebody elsewhere in it, take somebody out."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, or_, select

from booking.models.groups import SCHEDULED, GroupSession
from booking.models.services import Service
from booking.models.waitlist import (
    ENDED,
    LEFT,
    OPEN,
    PAUSED,
    REMOVED,
    WAITING,
    Offer,
    Place,
    WaitlistRules,
    Wish,
    WishWindow,
)
from booking.waitlist import answering, queries, turns
from booking.waitlist.forms import Wanted
from practice.core import audit, outbox
from practice.core.db import db
from practice.models import Person

MOST = 5


class TooManyWishesError(Exception):
    """A client waits for as many things as one can wait for."""


def join(client: Person, wanted: Wanted, service: Service | None, now: datetime) -> Wish:
    """Put a client at the end of the line for a service, or for its kind with anybody. Raises TooManyWishesError."""
    if is_waiting_enough(client):
        raise TooManyWishesError
    wish = Wish(
        client_id=client.id,
        counselor_id=service.counselor_id if service else None,
        service_id=service.id if service else None,
        kind=service.name if service else wanted.kind,
        times=wanted.times,
        first_on=wanted.first_on,
        last_on=wanted.last_on,
        notice_minutes=wanted.notice_minutes,
        by_text=wanted.by_text,
        windows=[WishWindow(times=each.times, first_on=each.first_on, last_on=each.last_on) for each in wanted.windows],
        status=WAITING,
        unanswered=0,
        created_at=now,
    )
    db.session.add(wish)
    db.session.flush()
    turns.add_missing(now)
    if service:
        turns.stir(service.counselor_id, now)
    _record("joined", wish, client)
    return wish


def is_waiting_enough(client: Person) -> bool:
    """Tell whether a client waits for as many things as one can wait for."""
    waiting = select(func.count()).where(Wish.client_id == client.id, Wish.status.in_((WAITING, PAUSED)))
    return (db.session.scalar(waiting) or 0) >= MOST


def leave(wish: Wish, now: datetime) -> None:
    """Take a client out of the line at their own wish; an offer that is open goes to the next."""
    _end(wish, LEFT, now)
    _record("left", wish, wish.client)


def resume(wish: Wish, now: datetime) -> None:
    """Let somebody who did not answer wait on, where they were."""
    if wish.status == PAUSED:
        wish.status, wish.unanswered = WAITING, 0
        db.session.flush()
        turns.add_missing(now)
        if wish.counselor_id:
            turns.stir(wish.counselor_id, now)


def remove(wish: Wish, by: Person, now: datetime) -> None:
    """Take somebody out of a counselor's line, and tell them."""
    if wish.status in {WAITING, PAUSED}:
        _end(wish, REMOVED, now)
        _tell(wish, "removed", now)
        _record("removed", wish, by)


def put(counselor: Person, wish_id: int, place: int) -> None:
    """Put somebody at a place of a counselor's line, counted from nought; everybody else moves up or down."""
    order = [each.wish.id for each in queries.line_of(counselor.id)]
    if wish_id not in order:
        return
    order.remove(wish_id)
    order.insert(max(0, place), wish_id)
    db.session.execute(delete(Place).where(Place.counselor_id == counselor.id))
    db.session.add_all(
        Place(counselor_id=counselor.id, wish_id=each, place=number) for number, each in enumerate(order)
    )
    db.session.flush()


def set_rules(counselor: Person, *, active: bool, offer_minutes: int) -> None:
    """Choose how freed times are offered."""
    db.session.merge(WaitlistRules(counselor_id=counselor.id, active=active, offer_minutes=offer_minutes))
    db.session.flush()


def end_past(now: datetime) -> int:
    """End the wishes whose last day is over where their people are, or whose session is; return how many."""
    count = _end_groups(now)
    for wish in db.session.scalars(
        select(Wish)
        .where(Wish.status.in_((WAITING, PAUSED)), Wish.last_on <= now.date(), Wish.group_session_id.is_(None))
        .limit(500)
    ).all():
        if wish.last_on < _today(wish.client, now):
            _end(wish, ENDED, now)
            count += 1
    return count


def _end_groups(now: datetime) -> int:
    """End the wishes for sessions that have begun, and tell those whose session is off."""
    over = or_(GroupSession.starts_at <= now, GroupSession.status != SCHEDULED)
    found = db.session.scalars(
        select(Wish).join(Wish.group_session).where(Wish.status.in_((WAITING, PAUSED)), over).limit(500)
    ).all()
    for wish in found:
        _end(wish, ENDED, now)
        if wish.group_session is not None and wish.group_session.status != SCHEDULED:
            _tell(wish, "off", now)
    return len(found)


def _end(wish: Wish, status: str, now: datetime) -> None:
    for offer in db.session.scalars(select(Offer).where(Offer.wish_id == wish.id, Offer.status == OPEN)).all():
        answering.withdraw(offer, now=now)
    wish.status, wish.ended_at = status, now
    db.session.flush()


def _tell(wish: Wish, what: str, now: datetime) -> None:
    outbox.plan(
        key=f"waitlist.{what}:{wish.id}",
        kind=f"waitlist.{what}",
        recipient_id=wish.client_id,
        subject=("waitlist_wish", wish.id),
        due_at=now,
        now=now,
    )


def _today(person: Person, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.zone)).date()


def _record(deed: str, wish: Wish, by: Person) -> None:
    audit.record(f"waitlist.{deed}", person_id=by.id, subject=("waitlist_wish", wish.id))
