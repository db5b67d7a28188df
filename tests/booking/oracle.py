"""A slow and obvious answer to "which times are free": looks at every minute by itself."""

from datetime import date, datetime, timedelta

from booking.hours import Hours, instant_of
from booking.slots import Diary, Need, Stretch


def free_starts(diary: Diary, need: Need, window: Stretch, now: int) -> list[int]:
    """Ask every minute of the window whether an appointment may start there."""
    return [minute for minute in range(*window) if _may_start(diary, need, minute, now, _opened(diary, window))]


def _may_start(diary: Diary, need: Need, minute: int, now: int, opened: dict[int, int]) -> bool:
    rules = diary.rules
    if minute < now + rules.notice_minutes or minute > now + rules.horizon_days * 1440:
        return False
    if not _fits(diary, need, minute, opened):
        return False
    anchor = opened[minute]
    if rules.restarts:
        anchor = minute
        while opened.get(anchor - 1) == opened[minute] and _fits(diary, need, anchor - 1, opened):
            anchor -= 1
    return (minute - anchor) % rules.step_minutes == 0


def _fits(diary: Diary, need: Need, minute: int, opened: dict[int, int]) -> bool:
    session = range(minute, minute + need.minutes)
    blocked = (minute - need.before, minute + need.minutes + need.after)
    return (
        all(each in opened for each in session)
        and not any(begin < session.stop and session.start < end for begin, end in diary.away)
        and not any(begin < blocked[1] and blocked[0] < end for begin, end in diary.busy)
    )


_opened_before: dict[int, tuple[object, dict[int, int]]] = {}


def _opened(diary: Diary, window: Stretch) -> dict[int, int]:
    """Map every open minute to the minute its hours opened; remembered for the diary at hand."""
    remembered = _opened_before.get(0)
    if remembered and remembered[0] is diary:
        return remembered[1]
    zone = diary.timetable.zone
    first, last = window[0] - 3 * 1440, window[1] + 4 * 1440
    wall = [(minute, instant_of(minute).astimezone(zone).replace(tzinfo=None)) for minute in range(first, last)]
    opened: dict[int, int] = {}
    day = wall[0][1].date() + timedelta(days=1)
    while day < wall[-1][1].date() - timedelta(days=1):
        for hours in diary.timetable.on(day):
            opens, closes = (_first_reading(wall, day, reading) for reading in (hours.opens, hours.closes))
            opened |= dict.fromkeys(range(opens, closes), opens)
        day += timedelta(days=1)
    _opened_before[0] = (diary, opened)
    return opened


def _first_reading(wall: list[tuple[int, datetime]], day: date, reading: int) -> int:
    sought = datetime(day.year, day.month, day.day) + timedelta(minutes=reading)  # noqa: DTZ001 -- on the wall
    return next(minute for minute, shown in wall if shown >= sought)


def hours(text: str) -> tuple[Hours, ...]:
    """Read `09:00-13:00 14:00-18:00`."""
    return tuple(Hours(*(int(part[:2]) * 60 + int(part[3:]) for part in each.split("-"))) for each in text.split())
