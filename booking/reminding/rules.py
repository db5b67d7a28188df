"""When people are reminded, by which road, and when a reminder has come too late. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EMAIL, SMS = "email", "sms"
CHANNELS = (EMAIL, SMS)
DAY = 24 * 60

CATALOGUE = {
    7 * DAY: "1 week",
    3 * DAY: "3 days",
    2 * DAY: "2 days",
    DAY: "1 day",
    4 * 60: "4 hours",
    2 * 60: "2 hours",
    60: "1 hour",
    30: "30 minutes",
}
"""How long before a session people can be reminded, in minutes."""

SHORT_OF_START = timedelta(minutes=15)
APART = timedelta(minutes=60)
"""Two reminders that quiet hours push closer together than this say the same thing twice."""


@dataclass(frozen=True, slots=True)
class Offset:
    """One reminder of a service: how long before, and by which roads it may go."""

    minutes: int
    channels: frozenset[str] = frozenset(CHANNELS)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a counselor has chosen for a service."""

    offsets: tuple[Offset, ...] = (Offset(DAY), Offset(60))
    counselor_minutes: int | None = 60
    """When the counselor gets a letter; a day's agenda is on their page, so one shortly before is enough."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the night, as the client reads them off the wall; the same time twice means none."""

    zone: str = "UTC"
    since: int = 21 * 60
    until: int = 8 * 60

    def around(self, instant: datetime) -> tuple[datetime, datetime] | None:
        """Return the quiet time an instant falls into, or None."""
        if self.since == self.until:
            return None
        here = ZoneInfo(self.zone)
        today = instant.astimezone(here).date()
        for day in (today - timedelta(days=1), today):
            last = day + timedelta(days=int(self.until <= self.since))
            begins = datetime.combine(day, _clock(self.since), here).astimezone(instant.tzinfo)
            ends = datetime.combine(last, _clock(self.until), here).astimezone(instant.tzinfo)
            if begins <= instant < ends:
                return begins, ends
        return None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a client has chosen; a channel counts only with the consent it needs."""

    channels: frozenset[str] = frozenset({EMAIL})
    skipped: frozenset[int] = frozenset()
    quiet: Quiet = field(default_factory=Quiet)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to plan."""

    key: str
    minutes: int
    channel: str
    recipient_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """What is reminded of: an appointment in one of its versions."""

    appointment_id: int
    version: int
    client_id: int
    counselor_id: int
    starts_at: datetime

    def key(self, channel: str, minutes: int, recipient_id: int) -> str:
        """Return the one key there is for this reminder."""
        return f"reminder:{self.appointment_id}:{self.version}:{channel}:{minutes}:{recipient_id}"


def reminders(subject: Subject, terms: Terms, wishes: Wishes, *, now: datetime) -> list[Reminder]:
    """Return the reminders still ahead, the first due first.

    One whose time has passed at booking adds nothing to the confirmation; one that falls into the client's night goes
    out when the night ends while it is still of use then, or else before it begins.
    """
    found = [
        reminder
        for channel in sorted(wishes.channels)
        for reminder in _by(channel, subject, terms, wishes)
        if reminder.due_at > now
    ]
    if terms.counselor_minutes is not None:
        due_at = subject.starts_at - timedelta(minutes=terms.counselor_minutes)
        if due_at > now:
            key = subject.key(EMAIL, terms.counselor_minutes, subject.counselor_id)
            found.append(Reminder(key, terms.counselor_minutes, EMAIL, subject.counselor_id, due_at))
    return sorted(found, key=lambda each: (each.due_at, each.recipient_id == subject.counselor_id, each.channel))


def last_use(starts_at: datetime, minutes: int) -> datetime:
    """Return until when a reminder is still of use: half its time before the start, or a quarter of an hour."""
    return starts_at - (timedelta(minutes=minutes / 2) if minutes >= 4 * 60 else SHORT_OF_START)


def is_stale(minutes: int, starts_at: datetime, now: datetime) -> bool:
    """Tell whether a reminder would now come too late to be of use, as after the scheduler was down."""
    return now > last_use(starts_at, minutes)


def _by(channel: str, subject: Subject, terms: Terms, wishes: Wishes) -> Iterable[Reminder]:
    """Yield a client's reminders by one road, from the last before the start backwards."""
    after: datetime | None = None
    for offset in sorted(terms.offsets, key=lambda each: each.minutes):
        if channel not in offset.channels or offset.minutes in wishes.skipped:
            continue
        due_at = _awake(subject.starts_at, offset.minutes, wishes.quiet)
        if after is None or after - due_at >= min(APART, timedelta(minutes=offset.minutes / 2)):
            key = subject.key(channel, offset.minutes, subject.client_id)
            yield Reminder(key, offset.minutes, channel, subject.client_id, due_at)
            after = due_at


def _awake(starts_at: datetime, minutes: int, quiet: Quiet) -> datetime:
    due_at = starts_at - timedelta(minutes=minutes)
    night = quiet.around(due_at)
    if night is None:
        return due_at
    begins, ends = night
    return ends if ends <= last_use(starts_at, minutes) else begins - SHORT_OF_START


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
