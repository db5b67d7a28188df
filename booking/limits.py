"""How much a counselor takes on: sessions a day and a week, and the longer break after several in a row. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from booking.hours import first_reading, instant_of

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a counselor takes on; 0 is no limit."""

    most_per_day: int = 0
    most_per_week: int = 0
    break_after: int = 0
    """After so many sessions in a row there is a longer break."""
    break_minutes: int = 0
    """How long it is. Sessions with less than this between them are in a row."""


def full_days(limits: Limits, sessions: Iterable[Stretch], zone: ZoneInfo) -> list[Stretch]:
    """Return the days and weeks, on the counselor's clock, that take no further session."""
    days = Counter(instant_of(begins).astimezone(zone).date() for begins, _ in sessions)
    full: list[Stretch] = []
    if limits.most_per_day:
        full += [_from(zone, day, 1) for day, count in days.items() if count >= limits.most_per_day]
    if limits.most_per_week:
        weeks: Counter[date] = Counter()
        for day, count in days.items():
            weeks[day - timedelta(days=day.weekday())] += count
        full += [_from(zone, monday, 7) for monday, count in weeks.items() if count >= limits.most_per_week]
    return full


def too_many_in_a_row(limits: Limits, sessions: Iterable[Stretch], minutes: int) -> list[Stretch]:
    """Return the starts at which a session of this length would make a row longer than allowed."""
    if not limits.break_after or not limits.break_minutes:
        return []
    rows = _rows(sorted(sessions), limits.break_minutes)
    # A session that starts in such a stretch has less than the break between it and the row.
    near = [(begins - limits.break_minutes - minutes + 1, ends + limits.break_minutes) for begins, ends, _ in rows]
    barred = [near[place] for place, row in enumerate(rows) if row[2] >= limits.break_after]
    for place in range(len(rows) - 1):
        begins, ends = near[place + 1][0], near[place][1]
        if begins < ends and rows[place][2] + rows[place + 1][2] + 1 > limits.break_after:
            barred.append((begins, ends))
    return barred


def outside(starts: Iterable[int], barred: Sequence[Stretch]) -> list[int]:
    """Leave out the starts that lie in any of the stretches."""
    joined = _joined(barred)
    begins, ends = [each[0] for each in joined], [each[1] for each in joined]
    return [start for start in starts if bisect_right(begins, start) == bisect_left(ends, start + 1)]


def _rows(sessions: Sequence[Stretch], break_minutes: int) -> list[tuple[int, int, int]]:
    rows: list[tuple[int, int, int]] = []
    for begins, ends in sessions:
        if rows and begins - rows[-1][1] < break_minutes:
            first, last, count = rows[-1]
            rows[-1] = (first, max(last, ends), count + 1)
        else:
            rows.append((begins, ends, 1))
    return rows


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _from(zone: ZoneInfo, day: date, days: int) -> Stretch:
    return first_reading(zone, day, 0), first_reading(zone, day + timedelta(days=days), 0)
