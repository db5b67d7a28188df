"""Which times a client may book. Pure: hours and bookings go in, start times come out.

Everything is whole minutes since 1970 in UTC; nothing is cached, because it need not be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from booking.hours import DAY, instant_of
from booking.limits import Limits, Stretch, full_days, outside, too_many_in_a_row
from booking.timetables import ANY, Kind, Opening, Timetable, openings


@dataclass(frozen=True, slots=True)
class Rules:
    """How a counselor lets people book."""

    notice_minutes: int = 24 * 60
    horizon_days: int = 60
    step_minutes: int = 15
    restarts: bool = False
    """Count the grid anew from the end of each appointment, rather than from the start of the hours."""
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What one appointment takes: its minutes, those kept free before and after, and the hours that are open to it."""

    minutes: int
    before: int = 0
    after: int = 0
    kind: Kind = ANY


@dataclass(frozen=True, slots=True)
class Diary:
    """All that decides when one counselor is free."""

    timetable: Timetable
    rules: Rules
    busy: Sequence[Stretch] = ()
    """What other appointments block, their own buffers included."""
    away: Sequence[Stretch] = ()
    """Time off. Buffers may run into it, appointments may not."""
    sessions: Sequence[Stretch] = ()
    """The sessions that count towards the limits, without buffers, for a week around; only where there are limits."""


def free_starts(diary: Diary, need: Need, window: Stretch, now: int) -> list[int]:
    """Return every minute in the window at which an appointment may start, in order.

    An appointment lies wholly within the hours and clear of time off; with its buffers it is clear of everything
    that other appointments block. `now` is the minute not yet over: a start must be `notice_minutes` after its end
    at the latest, so round it up. Limits take starts away and leave the grid alone.
    """
    rules = diary.rules
    earliest = max(window[0], now + rules.notice_minutes)
    latest = min(window[1] - 1, now + rules.horizon_days * DAY)
    starts: list[int] = []
    if latest < earliest:
        return starts
    barred = _barred(diary, need)
    passed, step, places = 0, rules.step_minutes, set()
    for opens, closes, reach, place in _hours_for(diary, need, earliest, latest):
        places.add(place)
        while passed < len(barred) and barred[passed][1] <= opens:
            passed += 1
        final = min(closes - 1, reach - need.minutes)
        for begin, end in _gaps(barred, passed, opens, final):
            anchor = begin if rules.restarts else opens
            sought = max(begin, earliest)
            sought += (anchor - sought) % step
            starts.extend(range(sought, min(end, latest) + 1, step))
    if len(places) > 1:
        starts = sorted(set(starts))
    return starts if rules.limits is None else outside(starts, over_limits(diary, need))


def place_of(diary: Diary, need: Need, start: int) -> int:
    """Return where an appointment that starts then is held; 0 is the usual place of its service."""
    for opens, closes, reach, place in _hours_for(diary, need, start, start):
        if opens <= start < closes and start + need.minutes <= reach:
            return place
    return 0


def over_limits(diary: Diary, need: Need) -> list[Stretch]:
    """Return the starts that would be more than the counselor takes on."""
    if diary.rules.limits is None:
        return []
    return full_days(diary.rules.limits, diary.sessions, diary.timetable.zone) + too_many_in_a_row(
        diary.rules.limits, diary.sessions, need.minutes
    )


def clear_of(starts: Iterable[int], minutes: int, taken: Sequence[Stretch]) -> list[int]:
    """Leave out the starts whose appointment would overlap what the client has already."""
    return [start for start in starts if not any(start < end and begin < start + minutes for begin, end in taken)]


def _hours_for(diary: Diary, need: Need, earliest: int, latest: int) -> list[Opening]:
    zone = diary.timetable.zone
    first = instant_of(earliest).astimezone(zone).date() - timedelta(days=1)
    last = instant_of(latest).astimezone(zone).date() + timedelta(days=1)
    return openings(diary.timetable.of(need.kind), first, last)


def _barred(diary: Diary, need: Need) -> list[Stretch]:
    """Return the minutes at which nothing may start, sorted and joined."""
    lead, lag = need.minutes + need.after - 1, need.before
    # Time off has no buffers, so what is added for them below is taken from it here.
    taken = [*diary.busy, *((begin + need.after, end - lag) for begin, end in diary.away)]
    taken.sort()
    joined: list[Stretch] = []
    opened = edge = -1
    for begin, end in taken:
        if begin - lead > edge:
            if opened < edge:
                joined.append((opened, edge))
            opened, edge = begin - lead, end + lag
        elif end + lag > edge:
            edge = end + lag
    if opened < edge:
        joined.append((opened, edge))
    return joined


def _gaps(barred: list[Stretch], place: int, begin: int, final: int) -> Iterable[Stretch]:
    """Yield the runs of allowed starts between `begin` and `final`, both ends included."""
    while begin <= final:
        if place >= len(barred) or barred[place][0] > final:
            yield begin, final
            return
        wall, clear = barred[place]
        if begin < wall:
            yield begin, wall - 1
        begin = max(begin, clear)
        place += 1
