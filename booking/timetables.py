"""When a counselor works: the usual week, other weeks beside it, and the days that differ from both. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.hours import DAY, Hours, first_reading, tidy

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_A_MONDAY = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of session is asked about; 0 and the empty word ask about any."""

    service_id: int = 0
    mode: str = ""


ANY = Kind()


@dataclass(frozen=True, slots=True)
class Scope:
    """The sessions that hours are for: of one service or all, held one way or any."""

    service_id: int | None = None
    mode: str | None = None

    def covers(self, kind: Kind) -> bool:
        """Tell whether every session of this kind is meant."""
        return self.service_id in {None, kind.service_id} and self.mode in {None, kind.mode}

    def touches(self, kind: Kind) -> bool:
        """Tell whether some session of this kind is meant."""
        return self.service_id in {None, kind.service_id or self.service_id} and (
            self.mode in {None, kind.mode or self.mode}
        )


ALL = Scope()


@dataclass(frozen=True, slots=True)
class Plan:
    """Another week: between two days, every so many weeks, for some sessions, beside or instead of the usual one."""

    weekly: Mapping[int, tuple[Hours, ...]]
    starts_on: date = date.min
    ends_on: date = date.max
    every_weeks: int = 1
    anchor_on: date = _A_MONDAY
    """A day of a week in which the plan is in force; weeks begin on Monday."""
    replaces: bool = False
    scope: Scope = ALL

    def applies(self, day: date) -> bool:
        """Tell whether the plan is in force that day."""
        return self.starts_on <= day <= self.ends_on and (
            self.every_weeks == 1 or (_week(day) - _week(self.anchor_on)) % self.every_weeks == 0
        )


@dataclass(frozen=True, slots=True)
class Special:
    """One day's hours for some sessions; without hours they are not to be had that day."""

    hours: tuple[Hours, ...]
    scope: Scope


@dataclass(frozen=True, slots=True)
class Timetable:
    """All of a counselor's hours. Of one day, specials come first, then overrides, then other weeks and the usual one.

    An override without hours closes the day. A plan that replaces silences the usual week for the sessions it is for.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Hours, ...]] = field(default_factory=dict)
    overrides: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    plans: Sequence[Plan] = ()
    specials: Mapping[date, Sequence[Special]] = field(default_factory=dict)

    def of(self, kind: Kind) -> Timetable:
        """Keep what matters to one kind of session."""
        if not self.plans and not self.specials:
            return self
        plans = [
            plan if plan.scope.covers(kind) else replace(plan, replaces=False)
            for plan in self.plans
            if plan.scope.touches(kind)
        ]
        special = {
            day: tidy(hours for each in found for hours in each.hours)
            for day, specials in self.specials.items()
            if (found := [each for each in specials if each.scope.covers(kind)])
        }
        return Timetable(self.zone, self.weekly, {**self.overrides, **special}, plans)

    def on(self, day: date) -> tuple[Hours, ...]:
        """Return the hours of one day; ask a timetable that was narrowed to a kind of session."""
        found = self.overrides.get(day)
        if found is not None:
            return found
        usual = self.weekly.get(day.weekday(), ())
        if not self.plans:
            return usual
        plans = [plan for plan in self.plans if plan.applies(day)]
        if not plans:
            return usual
        others = [hours for plan in plans for hours in plan.weekly.get(day.weekday(), ())]
        return tidy(others if any(plan.replaces for plan in plans) else [*usual, *others])


Opening = tuple[int, int, int, int]
"""A stretch in which appointments may start: when it opens and closes, how far one may run on, since hours that touch
go on at the same place, and the place. A bare tuple, for there are many and each is looked at once."""


def openings(timetable: Timetable, first: date, last: date) -> list[Opening]:
    """Place the hours of every day from `first` to `last`, both included, in order of time."""
    stretches: list[tuple[int, int, int]] = []
    zone, on = timetable.zone, timetable.on
    offset = _midnight_offset(zone, first.toordinal())
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        next_offset = _midnight_offset(zone, ordinal + 1)
        day = date.fromordinal(ordinal)
        if hours := on(day):
            if offset == next_offset:
                midnight = (ordinal - _EPOCH_ORDINAL) * DAY - int(offset.total_seconds()) // 60
                stretches += [(midnight + each.opens, midnight + each.closes, each.place) for each in hours]
            else:
                stretches += [
                    (first_reading(zone, day, each.opens), first_reading(zone, day, each.closes), each.place)
                    for each in hours
                ]
        offset = next_offset
    places = {place for _, _, place in stretches}
    if len(places) < 2:
        return _with_reach(stretches)
    return sorted(
        opening for place in places for opening in _with_reach([each for each in stretches if each[2] == place])
    )


def _midnight_offset(zone: ZoneInfo, ordinal: int) -> timedelta:
    """Return how far the zone is ahead of UTC at the first midnight of a day."""
    offset = zone.utcoffset(datetime.fromordinal(ordinal))
    assert offset is not None  # noqa: S101 -- a ZoneInfo always answers
    return offset


def _with_reach(stretches: Sequence[tuple[int, int, int]]) -> list[Opening]:
    """Let each stretch reach to the end of those that follow without a break, and drop the empty ones."""
    placed: list[Opening] = []
    follows = reach = -1
    for opens, closes, place in reversed(stretches):
        if opens < closes:
            if closes != follows:
                reach = closes
            placed.append((opens, closes, reach, place))
            follows = opens
    placed.reverse()
    return placed


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7
