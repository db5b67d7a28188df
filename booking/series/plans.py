"""Which dates of a series are free, what stands in the way of the others, and the free times nearest to them. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from booking.hours import instant_of, minute_of
from booking.limits import Stretch
from booking.series.rules import MONTHLY, Moment, Pattern, Reading
from booking.slots import Diary, Need, clear_of, free_starts
from practice.core.spans import Span

FAR_DAYS = 3 * 366
MOST_NEAREST = 3


class State(StrEnum):
    """How a date stands."""

    FREE = "free"
    TAKEN = "taken"
    CLIENT_BUSY = "client_busy"
    AWAY = "away"
    CLOSED = "closed"
    TOO_SOON = "too_soon"
    MISSING_HOUR = "missing_hour"


@dataclass(frozen=True, slots=True)
class Row:
    """One date with its state, and the free times nearest to it when it is not free."""

    moment: Moment
    state: State
    nearest: tuple[datetime, ...] = ()

    @property
    def free(self) -> bool:
        """Tell whether the date itself can be booked."""
        return self.state is State.FREE


@dataclass(frozen=True, slots=True)
class Plan:
    """All dates of a series, and every free time around them."""

    rows: tuple[Row, ...]
    reach: timedelta
    free: frozenset[datetime]

    def allows(self, row: Row, starts_at: datetime) -> bool:
        """Tell whether a time may stand in for a date: it is free and no other date is nearer to it."""
        return starts_at in self.free and abs(starts_at - row.moment.starts_at) <= self.reach


@dataclass(frozen=True, slots=True)
class Ground:
    """What decides whether dates are free: the counselor's diary, what the client has, what a session takes."""

    diary: Diary
    taken: Sequence[Stretch]
    need: Need
    now: int

    def without(self, spans: Iterable[Span], blocked: Iterable[Span]) -> Ground:
        """Leave out sessions that are about to move: their time counts as free."""
        own = {_stretch(span) for span in spans}
        gone = {_stretch(span) for span in blocked}
        diary = replace(
            self.diary,
            busy=[each for each in self.diary.busy if each not in gone],
            sessions=[each for each in self.diary.sessions if each not in own],
        )
        return replace(self, diary=diary, taken=[each for each in self.taken if each not in own])


def reach_of(pattern: Pattern) -> timedelta:
    """Return how far from its date a stand-in may lie, so that two dates never want the same time."""
    return timedelta(days=6) if pattern.frequency == MONTHLY or pattern.every > 1 else timedelta(days=3)


def window_of(moments: Sequence[Moment], need: Need) -> Span:
    """Return the stretch of time that has to be known to plan these dates."""
    margin = timedelta(days=7)
    return Span(
        min(each.starts_at for each in moments) - margin,
        max(each.starts_at for each in moments) + margin + timedelta(minutes=need.minutes),
    )


def free_of_limits(diary: Diary, *, hurried: bool) -> Diary:
    """Look beyond the horizon, as a series may; whoever books for themselves is free of their own notice too."""
    notice = 0 if hurried else diary.rules.notice_minutes
    return replace(diary, rules=replace(diary.rules, horizon_days=FAR_DAYS, notice_minutes=notice))


def plan(ground: Ground, moments: Sequence[Moment], reach: timedelta) -> Plan:
    """Look at every date."""
    window = window_of(moments, ground.need)
    found = free_starts(ground.diary, ground.need, _stretch(window), ground.now)
    starts = clear_of(found, ground.need.minutes, ground.taken)
    known = set(starts)
    rows = tuple(_row(ground, moment, starts, known, reach) for moment in moments)
    return Plan(rows, reach, frozenset(instant_of(each) for each in starts))


def touches(stretches: Sequence[Stretch], begin: int, end: int) -> bool:
    """Tell whether any of these stretches reaches into a time."""
    return any(begin < until and since < end for since, until in stretches)


def _row(ground: Ground, moment: Moment, starts: list[int], known: set[int], reach: timedelta) -> Row:
    state = _state(ground, moment, known)
    return Row(moment, state) if state is State.FREE else Row(moment, state, _nearest(moment, starts, reach))


def _state(ground: Ground, moment: Moment, known: set[int]) -> State:
    if moment.reading is Reading.NEVER:
        return State.MISSING_HOUR
    start, need, diary = minute_of(moment.starts_at), ground.need, ground.diary
    if start in known:
        return State.FREE
    if start < ground.now + diary.rules.notice_minutes:
        return State.TOO_SOON
    ends = start + need.minutes
    if touches(diary.away, start, ends):
        return State.AWAY
    if touches(diary.busy, start - need.before, ends + need.after):
        return State.TAKEN
    return State.CLIENT_BUSY if touches(ground.taken, start, ends) else State.CLOSED


def _nearest(moment: Moment, starts: list[int], reach: timedelta) -> tuple[datetime, ...]:
    wanted, far = minute_of(moment.starts_at), int(reach.total_seconds()) // 60
    around = starts[bisect_left(starts, wanted - far) : bisect_right(starts, wanted + far)]
    near = sorted(around, key=lambda each: (abs(each - wanted), each))[:MOST_NEAREST]
    return tuple(instant_of(each) for each in sorted(near))


def _stretch(span: Span) -> Stretch:
    return minute_of(span.starts_at), minute_of(span.ends_at)
