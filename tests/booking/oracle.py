"""A slow and obvious answer to "which times are free": looks at every minute by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from booking.hours import Hours, instant_of
from booking.limits import Limits, Stretch
from booking.slots import Diary, Need
from booking.timetables import Kind, Plan, Timetable

Opened = dict[int, dict[int, int]]
"""For each place every open minute, with the minute at which its hours opened."""


def free_starts(diary: Diary, need: Need, window: Stretch, now: int) -> list[int]:
    """Ask every minute of the window whether an appointment may start there."""
    opened = _opened(diary, need.kind, window)
    return [minute for minute in range(*window) if _may_start(diary, need, minute, now, opened)]


def _may_start(diary: Diary, need: Need, minute: int, now: int, opened: Opened) -> bool:
    rules = diary.rules
    if minute < now + rules.notice_minutes or minute > now + rules.horizon_days * 1440:
        return False
    if not any(_on_the_grid(diary, need, minute, minutes) for minutes in opened.values()):
        return False
    return rules.limits is None or _within(rules.limits, diary, (minute, minute + need.minutes))


def _on_the_grid(diary: Diary, need: Need, minute: int, opened: dict[int, int]) -> bool:
    if not _fits(diary, need, minute, opened):
        return False
    anchor = opened[minute]
    if diary.rules.restarts:
        anchor = minute
        while opened.get(anchor - 1) == opened[minute] and _fits(diary, need, anchor - 1, opened):
            anchor -= 1
    return (minute - anchor) % diary.rules.step_minutes == 0


def _fits(diary: Diary, need: Need, minute: int, opened: dict[int, int]) -> bool:
    session = range(minute, minute + need.minutes)
    blocked = (minute - need.before, minute + need.minutes + need.after)
    return (
        opened.keys() >= set(session)
        and not any(begin < session.stop and session.start < end for begin, end in diary.away)
        and not any(begin < blocked[1] and blocked[0] < end for begin, end in diary.busy)
    )


def _within(limits: Limits, diary: Diary, new: Stretch) -> bool:
    """Put the new session among the others and count."""
    everything = sorted([*diary.sessions, new])
    days = [instant_of(begins).astimezone(diary.timetable.zone).date() for begins, _ in everything]
    own = days[everything.index(new)]
    if limits.most_per_day and days.count(own) > limits.most_per_day:
        return False
    if (
        limits.most_per_week
        and [day.isocalendar()[:2] for day in days].count(own.isocalendar()[:2]) > limits.most_per_week
    ):
        return False
    if not limits.break_after or not limits.break_minutes:
        return True
    row = [new]
    for others in ([each for each in everything if each > new], [each for each in everything[::-1] if each < new]):
        for each in others:
            if any(_gap(each, member) < limits.break_minutes for member in row):
                row.append(each)
    return len(row) <= limits.break_after


def _gap(one: Stretch, other: Stretch) -> int:
    return max(one[0], other[0]) - min(one[1], other[1])


_opened_before: dict[int, tuple[object, Opened]] = {}


def _opened(diary: Diary, kind: Kind, window: Stretch) -> Opened:
    """Map the open minutes; remembered for the diary at hand."""
    remembered = _opened_before.get(0)
    if remembered and remembered[0] is diary:
        return remembered[1]
    zone = diary.timetable.zone
    first, last = window[0] - 3 * 1440, window[1] + 3 * 1440
    wall = [(minute, instant_of(minute).astimezone(zone).replace(tzinfo=None)) for minute in range(first, last)]
    opened: Opened = {}
    day = wall[0][1].date() + timedelta(days=1)
    while day < wall[-1][1].date() - timedelta(days=1):
        found = hours_of(diary.timetable, day, kind)
        for place in {each.place for each in found}:
            minutes = {wall_minute for each in found if each.place == place for wall_minute in _minutes(each)}
            for begins in [each for each in minutes if each - 1 not in minutes]:
                ends = next(each for each in range(begins, 1442) if each not in minutes)
                opens, closes = (_first_reading(wall, day, reading) for reading in (begins, ends))
                opened.setdefault(place, {}).update(dict.fromkeys(range(opens, closes), opens))
        day += timedelta(days=1)
    _opened_before[0] = (diary, opened)
    return opened


def _minutes(each: Hours) -> range:
    return range(each.opens, each.closes)


def hours_of(timetable: Timetable, day: date, kind: Kind) -> list[Hours]:
    """Say in plain words which hours count on a day for this kind of session."""
    specials = [each for each in timetable.specials.get(day, ()) if each.scope.covers(kind)]
    if specials:
        return [hours for each in specials for hours in each.hours]
    if day in timetable.overrides:
        return list(timetable.overrides[day])
    usual = list(timetable.weekly.get(day.weekday(), ()))
    for plan in timetable.plans:
        if plan.replaces and _in_force(plan, day) and plan.scope.covers(kind):
            usual = []
    for plan in timetable.plans:
        if _in_force(plan, day) and plan.scope.touches(kind):
            usual += plan.weekly.get(day.weekday(), ())
    return usual


def _in_force(plan: Plan, day: date) -> bool:
    """Walk from the anchor's Monday, so many weeks at a time, until the day's Monday is reached or passed."""
    if not plan.starts_on <= day <= plan.ends_on:
        return False
    wanted = day - timedelta(days=day.weekday())
    monday = plan.anchor_on - timedelta(days=plan.anchor_on.weekday())
    step = timedelta(weeks=plan.every_weeks)
    while monday > wanted:
        monday -= step
    while monday < wanted:
        monday += step
    return monday == wanted


def _first_reading(wall: list[tuple[int, datetime]], day: date, reading: int) -> int:
    sought = datetime(day.year, day.month, day.day) + timedelta(minutes=reading)  # noqa: DTZ001 -- on the wall
    return next(minute for minute, shown in wall if shown >= sought)


def hours(text: str) -> tuple[Hours, ...]:
    """Read `09:00-13:00 14:00-18:00`."""
    return tuple(Hours(*(int(part[:2]) * 60 + int(part[3:]) for part in each.split("-"))) for each in text.split())
