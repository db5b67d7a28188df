"""What the page of a month shows: whole weeks, the first sessions of each day, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from booking import agenda, availability, queries
from booking.groups import queries as groups
from booking.groups.queries import Gathering
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED
from practice.core.spans import Span
from practice.models import Person

Dated = TypeVar("Dated", Appointment, Gathering)
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
    appointments: list[Appointment]
    gatherings: list[Gathering]

    @property
    def shown(self) -> list[Appointment]:
        """The sessions there is room for."""
        return self.appointments if len(self.appointments) <= FITS else self.appointments[: FITS - 1]

    @property
    def more(self) -> int:
        """How many others there are."""
        return len(self.appointments) - len(self.shown)


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
    alone = _by_day([each for each in queries.agenda(counselor, window, now) if each.group_session_id is None], zone)
    shared = _by_day(groups.between(counselor, window, now), zone)
    opened = _days_of(availability.opening_hours(counselor.id, window, now), zone)
    cells = [
        Cell(
            each,
            each.month == first.month,
            each == today,
            each < today,
            each in opened,
            alone.get(each, []),
            shared.get(each, []),
        )
        for each in days
    ]
    within = [cell for cell in cells if cell.is_within]
    standing = [each.span for cell in within for each in cell.appointments if each.confirmed_at]
    standing += [each.span for cell in within for each in cell.gatherings if each.session.status == SCHEDULED]
    return Month(
        first,
        [cells[start : start + 7] for start in range(0, len(cells), 7)],
        len(standing),
        sum(span.minutes for span in standing),
    )


def _by_day(found: Iterable[Dated], zone: ZoneInfo) -> dict[date, list[Dated]]:
    days: dict[date, list[Dated]] = {}
    for each in found:
        days.setdefault(each.span.starts_at.astimezone(zone).date(), []).append(each)
    return days


def _days_of(spans: list[Span], zone: ZoneInfo) -> set[date]:
    return {span.starts_at.astimezone(zone).date() for span in spans}
