"""Keeps what is known of calendars elsewhere fresh: claim what is due, read it with no transaction open, write it down.

A claim is a lease with a number. Any number of schedulers may run; only the latest reading of a calendar counts, and
one that failed changes nothing but the words about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update

from booking.calendars.apart import busy_times_apart
from booking.calendars.fetching import Known, Road, UnreadableError, fetch
from booking.calendars.reading import NotACalendarError
from booking.models.calendars import BusyTime, ExternalCalendar
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person

EVERY = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=6)
LEASE = timedelta(minutes=2)
WHOLE_AGAIN = timedelta(hours=20)
"""After this long the content is taken in again though it has not changed: its series go further than they did."""
REACH = timedelta(days=370)


@dataclass(frozen=True, slots=True)
class Claim:
    """One reading of one calendar; only the latest may be written down."""

    calendar_id: int
    number: int
    address: str
    zone: str
    known: Known


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reading brought: a problem in words, or the busy times, or None when nothing had changed."""

    known: Known
    busy: Sequence[Span] | None = None
    problem: str = ""


def claim(now: datetime, *, most: int) -> list[Claim]:
    """Take calendars whose reading is due under a lease."""
    free = or_(ExternalCalendar.leased_until.is_(None), ExternalCalendar.leased_until < now)
    due = (
        select(ExternalCalendar.id)
        .where(ExternalCalendar.due_at <= now, free)
        .order_by(ExternalCalendar.due_at)
        .limit(most)
    )
    if db.session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    taken = db.session.scalars(
        update(ExternalCalendar)
        .where(ExternalCalendar.id.in_(due.scalar_subquery()))
        .values(leased_until=now + LEASE, claims=ExternalCalendar.claims + 1, due_at=now + EVERY)
        .returning(ExternalCalendar.id)
        .execution_options(synchronize_session=False)
    ).all()
    rows = db.session.execute(
        select(ExternalCalendar, Person.zone)
        .join(ExternalCalendar.counselor)
        .where(ExternalCalendar.id.in_(taken), Person.closed_at.is_(None))
        .order_by(ExternalCalendar.id)
        .execution_options(populate_existing=True)
    ).all()
    return [Claim(each.id, each.claims, each.address, zone, _known(each, zone, now)) for each, zone in rows]


def read(claimed: Claim, now: datetime, road: Road) -> Outcome:
    """Fetch and read the calendar. Touches no table, so that it may take its time."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        found = fetch(claimed.address, claimed.known, road)
        if found.content is None:
            return Outcome(found.known)
        window = Span(midnight - timedelta(days=1), midnight + REACH)
        return Outcome(found.known, busy_times_apart(found.content, window, claimed.zone))
    except (UnreadableError, NotACalendarError) as error:
        return Outcome(claimed.known, problem=str(error)[:200])


def settle(claimed: Claim, outcome: Outcome, now: datetime) -> bool:
    """Write down what a reading brought, unless the calendar is gone or a later reading began; tell whether it was."""
    calendar = db.session.scalars(
        select(ExternalCalendar)
        .where(ExternalCalendar.id == claimed.calendar_id, ExternalCalendar.claims == claimed.number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if calendar is None:
        return False
    calendar.leased_until = None
    calendar.problem = outcome.problem
    if outcome.problem:
        calendar.failures += 1
        if calendar.due_at > now:  # nobody pressed for it meanwhile
            calendar.due_at = now + min(EVERY * 2 ** min(calendar.failures - 1, 8), LONGEST_PAUSE)
    else:
        calendar.failures, calendar.read_at = 0, now
        if outcome.busy is not None:
            _take_in(calendar, outcome, outcome.busy, claimed.zone, now)
    db.session.flush()
    return True


def _known(calendar: ExternalCalendar, zone: str, now: datetime) -> Known:
    """Return what to ask changes against: nothing when the content must be placed anew."""
    fresh = calendar.content_read_at is not None and calendar.content_read_at > now - WHOLE_AGAIN
    return Known(calendar.etag, calendar.last_modified) if fresh and calendar.content_zone == zone else Known()


def _take_in(calendar: ExternalCalendar, outcome: Outcome, busy: Sequence[Span], zone: str, now: datetime) -> None:
    db.session.execute(delete(BusyTime).where(BusyTime.calendar_id == calendar.id))
    if busy:
        db.session.execute(
            insert(BusyTime),
            [
                {
                    "calendar_id": calendar.id,
                    "counselor_id": calendar.counselor_id,
                    "starts_at": each.starts_at,
                    "ends_at": each.ends_at,
                }
                for each in busy
            ],
        )
    calendar.content_read_at, calendar.content_zone = now, zone
    calendar.etag, calendar.last_modified = outcome.known.etag, outcome.known.last_modified
