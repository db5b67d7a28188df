"""On which days a series falls, and at which instants, while one wall clock keeps its hour. Pure.

The counselor's clock is the anchor: a clock change there moves the instants and leaves the hour alone, and whoever
lives in another zone may see the hour move. A series always ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from booking.hours import first_reading, instant_of

WEEKLY, MONTHLY = "weekly", "monthly"
FREQUENCIES = (WEEKLY, MONTHLY)
MOST_SESSIONS = 52
LONGEST = timedelta(days=366)
MOST_WEEKS_BETWEEN = 12
LAST = -1
POSITIONS = {1: "first", 2: "second", 3: "third", 4: "fourth", LAST: "last"}
NO_END = "Say when the series ends: after a number of sessions, or on a day. It cannot go on forever."
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Reading(StrEnum):
    """How a wall clock shows a time of day on one day."""

    ONCE = "once"
    TWICE = "twice"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Pattern:
    """How often: every so many weeks on a weekday, or each month on its first to fourth or last such weekday."""

    frequency: str
    weekday: int
    every: int = 1
    position: int | None = None

    def days(self, first: date) -> Iterator[date]:
        """Yield the days from the first on, without end; the first itself when it fits the pattern."""
        if self.frequency == WEEKLY:
            start = first + timedelta(days=(self.weekday - first.weekday()) % 7)
            return (start + timedelta(weeks=self.every * number) for number in count())
        months = (_in_month(first.year, first.month + number, self.weekday, self.position or 1) for number in count())
        return (day for day in months if day >= first)

    @property
    def words(self) -> str:
        """Read `every 2 weeks on Tuesday` or `on the last Friday of every month`."""
        name = WEEKDAYS[self.weekday]
        if self.frequency == MONTHLY:
            return f"on the {POSITIONS[self.position or 1]} {name} of every month"
        return f"every week on {name}" if self.every == 1 else f"every {self.every} weeks on {name}"

    def after(self, day: date) -> date:
        """Return the next day of the rhythm after one of its days, or after one that stood in for it."""
        return next(each for each in self.days(self.shifted(day, self.weekday)) if each > day)

    def moved_to(self, weekday: int) -> Pattern:
        """Keep the rhythm on another weekday."""
        return Pattern(self.frequency, weekday, self.every, self.position)

    def shifted(self, day: date, weekday: int) -> date:
        """Return the day that takes the place of one of the pattern's days when the weekday changes.

        A weekly one stays in its calendar week, a monthly one in its month.
        """
        if self.frequency == MONTHLY:
            return _in_month(day.year, day.month, weekday, self.position or 1)
        return day + timedelta(days=weekday - day.weekday())


@dataclass(frozen=True, slots=True)
class Ending:
    """When a series is over: after so many sessions, or with a day. One of the two is always set."""

    sessions: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of a series: the hour on the anchor's wall, and the instant it stands for.

    An hour that comes twice means its first coming. One that the clocks skip stands for the instant of the change,
    so that a time near it can be found.
    """

    day: date
    minute: int
    starts_at: datetime
    reading: Reading = Reading.ONCE


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A whole series: the pattern, the hour on the anchor's wall, its first day and its end."""

    pattern: Pattern
    first_on: date
    minute: int
    zone: str
    ending: Ending

    def days(self) -> list[date]:
        """Return the days, never more than the cap and never beyond a year."""
        limit = self.first_on + LONGEST
        until = min(self.ending.until or limit, limit)
        most = min(self.ending.sessions or MOST_SESSIONS, MOST_SESSIONS)
        days = takewhile(lambda day: day <= until, self.pattern.days(self.first_on))
        return [day for day, _ in zip(days, range(most), strict=False)]

    def moments(self) -> list[Moment]:
        """Place the hour on every day."""
        return [place(self.zone, day, self.minute) for day in self.days()]

    def refusal(self) -> tuple[str, str] | None:
        """Name the part that does not fit with words for the person, or None when the series makes sense."""
        if next(self.pattern.days(self.first_on)) != self.first_on:
            return "pattern", _not_on(self.pattern, self.first_on)
        return self._refusal_of_ending()

    def _refusal_of_ending(self) -> tuple[str, str] | None:
        sessions, until = self.ending.sessions, self.ending.until
        if sessions is not None:
            return self._refusal_of_count(sessions)
        if until is not None:
            return self._refusal_of_day(until)
        return "ends", NO_END

    def _refusal_of_count(self, sessions: int) -> tuple[str, str] | None:
        if not 2 <= sessions <= MOST_SESSIONS:
            return "sessions", f"Enter from 2 to {MOST_SESSIONS} sessions."
        if (found := len(self.days())) < sessions:
            return "sessions", f"A series runs for a year at most; in this rhythm that is {found} sessions."
        return None

    def _refusal_of_day(self, until: date) -> tuple[str, str] | None:
        limit = self.first_on + LONGEST
        if until > limit:
            return "until", f"A series runs for a year at most, so until {_written(limit)} at the latest."
        if len(self.days()) < 2:
            return "until", "Only one session falls before this day. Choose a later one, or book a single session."
        if self._more_than_cap(until):
            return "until", f"A series has at most {MOST_SESSIONS} sessions. Choose an earlier day."
        return None

    def _more_than_cap(self, until: date) -> bool:
        longer = takewhile(lambda day: day <= until, self.pattern.days(self.first_on))
        return sum(1 for _ in longer) > MOST_SESSIONS


def pattern_from(kind: str, first: date, every: int) -> Pattern:
    """Read off the first day what a rhythm means: `weekly`, `monthly` by its place in the month, or `last`."""
    if kind == WEEKLY:
        return Pattern(WEEKLY, first.weekday(), every)
    position = LAST if kind == "last" else (first.day - 1) // 7 + 1
    return Pattern(MONTHLY, first.weekday(), 1, position if position in POSITIONS else 1)


def place(zone: str, day: date, minute: int) -> Moment:
    """Put a time of day on one day of a wall clock."""
    here = ZoneInfo(zone)
    naive = datetime.combine(day, time(minute // 60, minute % 60))
    first, second = naive.replace(tzinfo=here), naive.replace(tzinfo=here, fold=1)
    if first.utcoffset() == second.utcoffset():
        return Moment(day, minute, first.astimezone(UTC))
    if first.astimezone(UTC).astimezone(here).replace(tzinfo=None) != naive:
        return Moment(day, minute, instant_of(first_reading(here, day, minute)), Reading.NEVER)
    return Moment(day, minute, first.astimezone(UTC), Reading.TWICE)


def minute_on_wall(instant: datetime, zone: str) -> tuple[date, int]:
    """Return the day and the minute of it that a wall clock shows at an instant."""
    local = instant.astimezone(ZoneInfo(zone))
    return local.date(), local.hour * 60 + local.minute


def _in_month(year: int, month: int, weekday: int, position: int) -> date:
    """Return the first to fourth, or last, such weekday of a month; months after December run on."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if position == LAST:
        following = date(year + month // 12, month % 12 + 1, 1)
        final = following - timedelta(days=1)
        return final - timedelta(days=(final.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (position - 1))


def _not_on(pattern: Pattern, first: date) -> str:
    name = WEEKDAYS[first.weekday()]
    if pattern.position == LAST:
        return f"{_written(first)} is not the last {name} of its month. Choose another rhythm, or another first day."
    if (first.day - 1) // 7 == 4:
        return f"A fifth {name} does not come every month. Choose the last {name} of the month instead."
    return f"{_written(first)} does not fit this rhythm. Choose another rhythm, or another first day."


def _written(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
