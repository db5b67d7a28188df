"""Stretches of whole days on the practice's clock, and the months in them. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from practice.core.spans import Span

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in a zone, the last one included."""

    first: date
    last: date
    zone: str

    @property
    def span(self) -> Span:
        """The same stretch in instants."""
        return Span(_start(self.first, self.zone), _start(self.last + timedelta(days=1), self.zone))

    @property
    def ends_at(self) -> datetime:
        """The instant at which the last day is over."""
        return self.span.ends_at

    def day_of(self, instant: datetime) -> date:
        """Return the day an instant lies in."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    @property
    def months(self) -> list[Period]:
        """The months it touches, each cut to the period."""
        found, first = [], self.first
        while first <= self.last:
            last = min(_month_end(first), self.last)
            found.append(Period(first, last, self.zone))
            first = last + timedelta(days=1)
        return found

    @property
    def in_words(self) -> str:
        """How people name it."""
        if self.first.day == 1 and self.last == _month_end(self.first):
            return f"{self.first:%B %Y}"
        if (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31):
            if self.first.year == self.last.year:
                return str(self.first.year)
            return f"{self.first.year} to {self.last.year}"
        return f"{_day(self.first)} to {_day(self.last)}"


def month_of(day: date, zone: str) -> Period:
    """Return the month a day lies in."""
    return Period(day.replace(day=1), _month_end(day), zone)


def months_up_to(day: date, zone: str, count: int) -> Period:
    """Return so many whole months, the last of them the one a day lies in."""
    return Period(_months_back(day, count - 1), _month_end(day), zone)


def usual(today: date, zone: str) -> list[tuple[str, Period]]:
    """Name the periods people ask for most."""
    last_month = today.replace(day=1) - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    year, before = today.year, today.year - 1
    return [
        ("This month", month_of(today, zone)),
        ("Last month", month_of(last_month, zone)),
        ("This quarter", Period(quarter, _month_end(quarter.replace(month=quarter.month + 2)), zone)),
        ("This year", Period(date(year, 1, 1), date(year, 12, 31), zone)),
        ("Last year", Period(date(before, 1, 1), date(before, 12, 31), zone)),
    ]


def _months_back(day: date, count: int) -> date:
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
