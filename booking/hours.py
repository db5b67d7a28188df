"""Turns times read off a wall clock into minutes, and says when a clock change makes that doubtful. Pure.

Instants are whole minutes since 1970 in UTC, times of day whole minutes after midnight on the counselor's wall.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

DAY = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One stretch of a day: minutes after midnight, `closes` up to 1440 for midnight at its end."""

    opens: int
    closes: int
    place: int = 0
    """Where people are received then; 0 is the usual place of the service."""


class Comes(Enum):
    """How often a wall clock shows a time of a day."""

    ONCE = "once"
    NEVER = "never"
    TWICE = "twice"


def minute_of(instant: datetime) -> int:
    """Return the minute an aware instant falls in."""
    return int((instant - _EPOCH).total_seconds() // 60)


def instant_of(minute: int) -> datetime:
    """Return the instant, in UTC, at which a minute begins."""
    return datetime.fromtimestamp(minute * 60, UTC)


def instants_of(minutes: Iterable[int]) -> list[datetime]:
    """Return the instants, in UTC, at which these minutes begin."""
    from_timestamp = datetime.fromtimestamp
    return [from_timestamp(minute * 60, UTC) for minute in minutes]


def tidy(stretches: Iterable[Hours]) -> tuple[Hours, ...]:
    """Sort the hours of a day, place by place, and join those that touch or overlap at one."""
    joined: list[Hours] = []
    for hours in sorted(stretches, key=lambda each: (each.place, each)):
        if joined and hours.opens <= joined[-1].closes and hours.place == joined[-1].place:
            joined[-1] = replace(joined[-1], closes=max(joined[-1].closes, hours.closes))
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


def comes(zone: ZoneInfo, day: date, wall: int) -> Comes:
    """Tell whether a time of a day exists on the wall, and whether it comes twice, as when the clocks go back."""
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=wall)  # noqa: DTZ001  the wall has no zone yet
    first, second = (minute_of(naive.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if instant_of(first).astimezone(zone).replace(tzinfo=None) != naive:
        return Comes.NEVER
    return Comes.ONCE if first == second else Comes.TWICE


def last_reading(zone: ZoneInfo, day: date, wall: int) -> int:
    """Return the second coming of a time that comes twice, and otherwise its first reading."""
    if comes(zone, day, wall) is not Comes.TWICE:
        return first_reading(zone, day, wall)
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=wall)  # noqa: DTZ001  the wall has no zone yet
    return minute_of(naive.replace(tzinfo=zone, fold=1))
