"""Months of the practice's own calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of one year."""

    year: int
    number: int

    @classmethod
    def of(cls, instant: datetime, zone: str) -> Month:
        """Return the month an instant falls into on the clock of a zone."""
        local = instant.astimezone(ZoneInfo(zone))
        return cls(local.year, local.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """Read `2026-11`, or nothing."""
        try:
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            return None
        return cls(first.year, first.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def words(self) -> str:
        """Read `November 2026`."""
        return f"{date(self.year, self.number, 1):%B %Y}"

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> Month:
        """The month before it."""
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    def begins(self, zone: str) -> datetime:
        """Return its first instant."""
        return datetime.combine(date(self.year, self.number, 1), time.min, ZoneInfo(zone)).astimezone(UTC)

    def ends(self, zone: str) -> datetime:
        """Return the first instant after it."""
        return self.next.begins(zone)
