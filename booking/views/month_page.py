"""What the page of a month shows: whole weeks, the first sessions of each day, and how many more there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking import agenda, availability, calendar_entries
from booking.calendar_entries import Standing
from practice.core.spans import Span
from practice.models import Person

FITS = 4
"""How many sessions a day shows before it only counts them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day."""

    day: date
    is_within: bool
    """Whether it belongs to the month itself."""
    is_today: bool
    is_past: bool
    is_open: bool
    entries: list[Standing]

    @property
    def shown(self) -> list[Standing]:
        """The sessions there is room for."""
        return self.entries if len(self.entries) <= FITS else self.entries[: FITS - 1]

    @property
    def more(self) -> int:
        """How many others there are."""
        return len(self.entries) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Month:
    """The whole page."""

    first: date
    weeks: list[list[Cell]]
    count: int
    minutes: int

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)


def month_page(counselor: Person, day: date, now: datetime) -> Month:
    """Lay out the month a day lies in, in whole weeks."""
    zone, first = ZoneInfo(counselor.zone), day.replace(day=1)
    final = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    begin = first - timedelta(days=first.weekday())
    days = [begin + timedelta(days=step) for step in range((final - begin).days // 7 * 7 + 7)]
    window = agenda.days_from(begin, len(days), zone)
    today = now.astimezone(zone).date()
    by_day: dict[date, list[Standing]] = {}
    for each in calendar_entries.standing(counselor, window, now):
        by_day.setdefault(each.span.starts_at.astimezone(zone).date(), []).append(each)
    opened = _days_of(availability.opening_hours(counselor.id, window, now), zone)
    cells = [
        Cell(each, each.month == first.month, each == today, each < today, each in opened, by_day.get(each, []))
        for each in days
    ]
    standing = [each for cell in cells if cell.is_within for each in cell.entries if each.counts]
    return Month(
        first,
        [cells[start : start + 7] for start in range(0, len(cells), 7)],
        len(standing),
        sum(each.span.minutes for each in standing),
    )


def _days_of(spans: list[Span], zone: ZoneInfo) -> set[date]:
    return {span.starts_at.astimezone(zone).date() for span in spans}
