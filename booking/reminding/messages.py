"""Every message of the practice, for staff: found, explained, and sent again where that is safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select

from booking.reminding import words
from practice.core import audit
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import EMAIL, FAILED, PLANNED, SENT, OutboxMessage, renderer_of
from practice.core.texts import Text
from practice.models import Person

PAGE_SIZE = 40


class NotAgainError(Exception):
    """The message cannot be sent again; the words say why."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages are wanted; empty fields want all."""

    who: str = ""
    state: str = ""
    channel: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"
    due_by: datetime | None = None


def count(wanted: Filter) -> int:
    """Count the messages that are wanted."""
    return db.session.scalar(select(func.count()).select_from(OutboxMessage).where(*_conditions(wanted))) or 0


def page(wanted: Filter, number: int) -> Sequence[OutboxMessage]:
    """Return one page, the latest due first."""
    return db.session.scalars(
        select(OutboxMessage)
        .where(*_conditions(wanted))
        .order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()


def people_of(found: Sequence[OutboxMessage]) -> Mapping[int, Person]:
    """Return whom these messages are for."""
    ids = {each.recipient_id for each in found if each.recipient_id}
    return {person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(ids)))}


def kinds() -> list[str]:
    """List the kinds that occur."""
    return list(db.session.scalars(select(OutboxMessage.kind).distinct().order_by(OutboxMessage.kind)))


def tallies(now: datetime) -> Mapping[str, int]:
    """Count the last week's messages by state."""
    rows = db.session.execute(
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.due_at > now - timedelta(days=7), OutboxMessage.due_at <= now)
        .group_by(OutboxMessage.state)
    )
    return {str(state): int(number) for state, number in rows}


def send_again(message: OutboxMessage, by: Person, now: datetime) -> None:
    """Plan a failed message again, at once. Raises NotAgainError.

    Its attempts are kept, so the carrier is asked by our own id before anything is sent.
    """
    if why := why_not(message):
        raise NotAgainError(why)
    renderer = renderer_of(message.kind)
    if renderer is None or not isinstance(renderer(message, now), Mail | Text):
        raise NotAgainError("Nobody needs it any more: what it is about has changed or is over.")
    message.state, message.due_at, message.settled_at = PLANNED, now, None
    message.error_code = None
    db.session.flush()
    audit.record("message.sent_again", person_id=by.id, subject=("message", message.id), detail={"kind": message.kind})


def note_return(message: OutboxMessage, by: Person, now: datetime) -> None:
    """Note that a letter came back to the practice. Raises NotAgainError for what cannot have."""
    if (message.state, message.channel) != (SENT, EMAIL):
        raise NotAgainError("Only a letter that the mail server took can come back.")
    message.state, message.settled_at, message.error_code = FAILED, now, words.BOUNCED
    db.session.flush()
    audit.record("message.came_back", person_id=by.id, subject=("message", message.id), detail={"kind": message.kind})


def why_not(message: OutboxMessage) -> str | None:
    """Say why a message must not be sent again, or None when that is safe."""
    return words.why_not_again(
        state=message.state, channel=message.channel, code=message.error_code, uncertain=message.uncertain
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    exact = {
        OutboxMessage.state: wanted.state,
        OutboxMessage.channel: wanted.channel,
        OutboxMessage.kind: wanted.kind,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value]
    if wanted.who:
        named = or_(
            Person.name.icontains(wanted.who, autoescape=True),
            Person.email.contains(wanted.who.lower(), autoescape=True),
        )
        found.append(OutboxMessage.recipient_id.in_(select(Person.id).where(named)))
    if wanted.due_by:
        found.append(OutboxMessage.due_at <= wanted.due_by)
    if wanted.since:
        found.append(OutboxMessage.due_at >= _midnight(wanted.since, wanted.zone))
    if wanted.until:
        found.append(OutboxMessage.due_at < _midnight(wanted.until + timedelta(days=1), wanted.zone))
    return found


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
