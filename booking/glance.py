"""Free times seen from further off: how many each day of a month has, and who of several people is free when. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month's sheet."""

    day: date
    count: int
    inside: bool
    """Whether it belongs to the month, and not to one beside it."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month as whole weeks from Monday on, with the number of free times of each day."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def count(self) -> int:
        """How many free times the month has."""
        return sum(day.count for week in self.weeks for day in week if day.inside)


def count_by_day(times: Iterable[datetime], zone: ZoneInfo) -> Counter[date]:
    """Count free times by the day they fall on, on a clock."""
    return Counter(each.astimezone(zone).date() for each in times)


def month_of(day: date, counts: Mapping[date, int]) -> Month:
    """Lay out the month that a day lies in."""
    first = day.replace(day=1)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday <= last_of(first):
        days = [monday + timedelta(days=each) for each in range(7)]
        weeks.append(tuple(Day(each, counts.get(each, 0), each.month == first.month) for each in days))
        monday += timedelta(days=7)
    return Month(first, tuple(weeks))


def last_of(day: date) -> date:
    """Return the last day of a month."""
    return next_month(day) - timedelta(days=1)


def next_month(day: date) -> date:
    """Return the first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """Return the first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def with_anyone(free: Mapping[int, Iterable[datetime]]) -> dict[datetime, tuple[int, ...]]:
    """Turn each person's free times into each time's free people, in order of time."""
    found: dict[datetime, list[int]] = {}
    for person_id, times in free.items():
        for each in times:
            found.setdefault(each, []).append(person_id)
    return {each: tuple(found[each]) for each in sorted(found)}


def nearest(times: Collection[datetime], wanted: datetime, count: int = 3) -> list[datetime]:
    """Return the free times nearest to one that is gone, in order of time."""
    near = sorted((each for each in times if each != wanted), key=lambda each: (abs(each - wanted), each))
    return sorted(near[:count])
