"""Places a counselor's hours, read off the wall clock, on real days. Pure.

Instants are whole minutes since 1970 in UTC, times of day whole minutes after midnight on the counselor's wall.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One stretch of a day: minutes after midnight, `closes` up to 1440 for midnight at its end."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a counselor works: the usual week, and the days that differ from it (no hours: closed)."""

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Hours, ...]] = field(default_factory=dict)
    overrides: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Hours, ...]:
        """Return the hours of one day, an override first."""
        found = self.overrides.get(day)
        return self.weekly.get(day.weekday(), ()) if found is None else found


class Opening(NamedTuple):
    """A stretch in which appointments may start. One may run on until `reach`, where touching hours end."""

    opens: int
    closes: int
    reach: int


def minute_of(instant: datetime) -> int:
    """Return the minute an aware instant falls in."""
    return int((instant - _EPOCH).total_seconds() // 60)


def instant_of(minute: int) -> datetime:
    """Return the instant, in UTC, at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


def tidy(stretches: Iterable[Hours]) -> tuple[Hours, ...]:
    """Sort the hours of a day and join those that touch or overlap."""
    joined: list[Hours] = []
    for hours in sorted(stretches):
        if joined and hours.opens <= joined[-1].closes:
            joined[-1] = Hours(joined[-1].opens, max(joined[-1].closes, hours.closes))
        else:
            joined.append(hours)
    return tuple(joined)


def first_reading(zone: ZoneInfo, day: date, wall: int) -> int:
    """Return the first minute at which the wall clock reads a time of that day, or later.

    So a time that the clocks skip is the moment they go forward, and a time that comes twice is its first coming:
    hours lose what does not exist, never move, and never come apart.
    """
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=wall)  # noqa: DTZ001  the wall has no zone yet
    late = minute_of(naive.replace(tzinfo=zone))
    if instant_of(late).astimezone(zone).replace(tzinfo=None) == naive:
        return late
    early = minute_of(naive.replace(tzinfo=zone, fold=1))
    while early < late:
        middle = (early + late) // 2
        if instant_of(middle).astimezone(zone).replace(tzinfo=None) < naive:
            early = middle + 1
        else:
            late = middle
    return late


def openings(timetable: Timetable, first: date, last: date) -> list[Opening]:
    """Place the hours of every day from `first` to `last`, both included, in order of time."""
    stretches: list[tuple[int, int]] = []
    zone = timetable.zone
    offset = _midnight_offset(zone, first.toordinal())
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        next_offset = _midnight_offset(zone, ordinal + 1)
        day = date.fromordinal(ordinal)
        if hours := timetable.on(day):
            if offset == next_offset:
                midnight = (ordinal - _EPOCH_ORDINAL) * DAY - offset
                stretches += [(midnight + each.opens, midnight + each.closes) for each in hours]
            else:
                stretches += [
                    (first_reading(zone, day, each.opens), first_reading(zone, day, each.closes)) for each in hours
                ]
        offset = next_offset
    return _with_reach(stretches)


def _midnight_offset(zone: ZoneInfo, ordinal: int) -> int:
    """Return the zone's minutes ahead of UTC at the first midnight of a day."""
    offset = zone.utcoffset(datetime.fromordinal(ordinal))
    assert offset is not None  # noqa: S101 -- a ZoneInfo always answers
    return offset.days * DAY + offset.seconds // 60


def _with_reach(stretches: list[tuple[int, int]]) -> list[Opening]:
    """Let each stretch reach to the end of those that follow without a break, and drop the empty ones."""
    placed: list[Opening] = []
    for opens, closes in reversed(stretches):
        if opens < closes:
            touches = bool(placed) and placed[-1].opens == closes
            placed.append(Opening(opens, closes, placed[-1].reach if touches else closes))
    placed.reverse()
    return placed
