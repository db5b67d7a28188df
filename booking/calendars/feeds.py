"""One's own agenda under a secret address, for any calendar program: made, renewed, ended, and read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import joinedload

from booking import calendar
from booking.calendar import UID_DOMAIN, Entry
from booking.models.appointments import Appointment
from booking.models.calendars import BUSY, INITIALS, NEUTRAL, CalendarFeed
from booking.models.groups import SCHEDULED, GroupSession
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from booking.whereabouts import calendar_place
from practice.core import audit, formats
from practice.core.db import aside, db
from practice.links import absolute
from practice.models import Person, Practice

BACK = timedelta(days=90)
NOTED_EVERY = timedelta(hours=1)


def of(person: Person) -> CalendarFeed | None:
    """Return a person's feed, if there is one."""
    return db.session.scalars(select(CalendarFeed).where(CalendarFeed.person_id == person.id)).first()


def renew(person: Person, *, now: datetime, titles: str | None = None) -> str:
    """Give a person a new address, the old one ending; return its secret part, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    feed = of(person) or CalendarFeed(person_id=person.id, titles=NEUTRAL)
    feed.titles = titles or feed.titles
    feed.token_hash, feed.made_at, feed.fetched_at = _hash(secret), now, None
    db.session.add(feed)
    db.session.flush()
    audit.record("calendar_feed.made", person_id=person.id, subject=("person", person.id))
    return secret


def end(person: Person) -> None:
    """End the address; whoever has it reads nothing any more."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == person.id))
    audit.record("calendar_feed.ended", person_id=person.id, subject=("person", person.id))


def behind(secret: str) -> CalendarFeed | None:
    """Return the feed behind an address that still works."""
    return db.session.scalars(
        select(CalendarFeed)
        .join(CalendarFeed.person)
        .where(CalendarFeed.token_hash == _hash(secret), Person.closed_at.is_(None))
    ).first()


def note_fetched(feed_id: int, now: datetime) -> None:
    """Note that somebody reads the feed, once an hour and aside from the request that only reads."""
    with aside() as session:
        session.execute(
            update(CalendarFeed)
            .where(
                CalendarFeed.id == feed_id,
                or_(CalendarFeed.fetched_at.is_(None), CalendarFeed.fetched_at <= now - NOTED_EVERY),
            )
            .values(fetched_at=now)
        )


def written(feed: CalendarFeed, now: datetime) -> bytes:
    """Write the person's agenda: what stands, what took place lately, and what was cancelled."""
    organizer = db.session.get_one(Practice, 1).email
    entries = [_entry(each, feed, organizer) for each in _agenda(feed.person_id, now)]
    entries += [_shared_entry(each, feed, organizer) for each in _shared(feed.person_id, now)]
    return calendar.agenda(entries, name="Appointments", zone=feed.person.zone, now=now)


def _agenda(person_id: int, now: datetime) -> Sequence[Appointment]:
    return db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.client, innerjoin=True))
        .where(
            or_(
                and_(Appointment.counselor_id == person_id, Appointment.group_session_id.is_(None)),
                Appointment.client_id == person_id,
            ),
            Appointment.confirmed_at.is_not(None),
            Appointment.status.in_((CONFIRMED, COMPLETED, NO_SHOW, CANCELLED)),
            Appointment.ends_at > now - BACK,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def _entry(appointment: Appointment, feed: CalendarFeed, organizer: str) -> Entry:
    title = "Busy" if feed.titles == BUSY else "Appointment"
    if feed.titles == INITIALS and appointment.counselor_id == feed.person_id:
        title = f"Appointment {formats.initials(appointment.client.name)}"
    return Entry(
        uid=f"{appointment.uid}@{UID_DOMAIN}",
        sequence=appointment.sequence,
        span=appointment.span,
        zone=feed.person.zone,
        title=title,
        url="" if feed.titles == BUSY else absolute("booking.show", appointment_id=appointment.id),
        changed_at=appointment.changed_at,
        organizer=organizer,
        attendee="",
        cancelled=appointment.status == CANCELLED,
        place="" if feed.titles == BUSY else calendar_place(appointment),
    )


def _shared(counselor_id: int, now: datetime) -> Sequence[GroupSession]:
    """Return the sessions a counselor holds for several people: one entry each, however many come."""
    return db.session.scalars(
        select(GroupSession)
        .where(
            GroupSession.counselor_id == counselor_id,
            GroupSession.status.in_((SCHEDULED, CANCELLED)),
            GroupSession.ends_at > now - BACK,
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    ).all()


def _shared_entry(session: GroupSession, feed: CalendarFeed, organizer: str) -> Entry:
    return Entry(
        uid=f"group-{session.id}@{UID_DOMAIN}",
        sequence=session.sequence,
        span=session.span,
        zone=feed.person.zone,
        title="Busy" if feed.titles == BUSY else "Appointment",
        url="" if feed.titles == BUSY else absolute("booking.group", session_id=session.id),
        changed_at=session.changed_at,
        organizer=organizer,
        attendee="",
        cancelled=session.status == CANCELLED,
        place="" if feed.titles == BUSY else calendar_place(session),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
