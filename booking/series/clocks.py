"""Whose hour moves when two people's clocks change on different days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.series.rules import Moment, Reading


@dataclass(frozen=True, slots=True)
class HourChange:
    """From this session on the other person's clock shows another hour than before; the anchor's does not."""

    number: int
    """Which of the sessions, counted from 0."""
    starts_at: datetime
    before: datetime
    """What this session's instant would be, had the clocks not changed: for naming the old hour."""
    changed_on: date
    """The day on which the distance between the two clocks changed."""


def hour_changes(starts: Sequence[datetime], anchor: str, other: str) -> list[HourChange]:
    """Return the sessions at which the other's hour differs from the session before, because of the clocks alone."""
    changes = []
    for number in range(1, len(starts)):
        earlier, later = _distance(starts[number - 1], anchor, other), _distance(starts[number], anchor, other)
        if earlier != later:
            changes.append(
                HourChange(
                    number,
                    starts[number],
                    starts[number] + (earlier - later),
                    _day_between(starts[number - 1], starts[number], anchor, other),
                )
            )
    return changes


def in_words(moment: Moment) -> str:
    """Say what a clock change does to a time of day, or nothing."""
    written = f"{moment.minute // 60:02d}:{moment.minute % 60:02d}"
    if moment.reading is Reading.NEVER:
        return f"{written} does not exist on this day: the clocks go forward past it."
    if moment.reading is Reading.TWICE:
        return f"{written} comes twice on this day, because the clocks go back; the first is meant."
    return ""


def _distance(instant: datetime, anchor: str, other: str) -> timedelta:
    """How far the other's clock is ahead of the anchor's."""
    there, here = instant.astimezone(ZoneInfo(other)), instant.astimezone(ZoneInfo(anchor))
    return there.replace(tzinfo=None) - here.replace(tzinfo=None)


def _day_between(since: datetime, until: datetime, anchor: str, other: str) -> date:
    """Return the latest day, in UTC, on which the distance became what it is at the end."""
    final = _distance(until, anchor, other)
    day = until.astimezone(UTC).date()
    while day > since.astimezone(UTC).date():
        if _distance(datetime.combine(day, time(), UTC), anchor, other) != final:
            return day
        day -= timedelta(days=1)
    return day
