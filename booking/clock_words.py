"""Says what becomes of hours at times of day that the clocks skip or bring twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.hours import DAY, Comes, Hours, comes, first_reading, instant_of
from booking.timetables import Plan
from practice.core import formats

_YEAR_DAYS = 366


def words_of_day(zone: ZoneInfo, day: date, hours: Iterable[Hours]) -> list[str]:
    """Say for each edge of a day's hours that comes twice or never which moment was taken."""
    said: list[str] = []
    for each in hours:
        for wall, verb in ((each.opens, "begin"), (each.closes, "end")):
            words = _edge(zone, day, wall, verb) if wall % DAY else ""
            if words and words not in said:
                said.append(words)
    return said


def words_of_week(zone: ZoneInfo, week: Mapping[int, tuple[Hours, ...]], today: date) -> list[str]:
    """Say the same about a usual week, for the clock changes of the year to come."""
    return [
        words
        for day in _changes(zone, today)
        if day.weekday() in week
        for words in words_of_day(zone, day, week[day.weekday()])
    ]


def words_of_plan(zone: ZoneInfo, plan: Plan, today: date) -> list[str]:
    """Say the same about another week, for those changes on whose day it is in force."""
    return [
        words
        for day in _changes(zone, today)
        if plan.applies(day)
        for words in words_of_day(zone, day, plan.weekly.get(day.weekday(), ()))
    ]


def words_of_absence(zone: ZoneInfo, starts_at: datetime, ends_at: datetime) -> list[str]:
    """Say of a stretch which edge comes twice: it begins at the first coming and ends at the second."""
    said: list[str] = []
    for instant, words in ((starts_at, "begins at the first"), (ends_at, "ends at the second")):
        local = instant.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if minute and comes(zone, local.date(), minute) is Comes.TWICE:
            said.append(f"{local:%H:%M} comes twice on {formats.day(local)}; your time off {words}.")
    return said


def _edge(zone: ZoneInfo, day: date, wall: int, verb: str) -> str:
    often = comes(zone, day, wall)
    said = f"{wall // 60:02d}:{wall % 60:02d}"
    if often is Comes.TWICE:
        return (
            f"On {formats.day(day)} the clocks go back and {said} comes twice. "
            f"Your hours {verb} at the first one, before the change."
        )
    if often is Comes.NEVER:
        taken = instant_of(first_reading(zone, day, wall)).astimezone(zone)
        return f"On {formats.day(day)} the clocks go forward and skip {said}. Your hours {verb} at {taken:%H:%M}."
    return ""


def _changes(zone: ZoneInfo, today: date) -> list[date]:
    """Return the days of the year to come on which the clocks change."""
    offsets = [
        datetime.combine(today + timedelta(days=each), time.min, zone).utcoffset() for each in range(_YEAR_DAYS + 1)
    ]
    return [today + timedelta(days=each) for each in range(_YEAR_DAYS) if offsets[each] != offsets[each + 1]]
