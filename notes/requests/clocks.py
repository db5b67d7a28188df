"""What a client may ask of their record, and by when the law wants an answer. Pure.

Days run on the practice's calendar, from the day after the request came. A period of months ends on the
day of the same number, or on the month's last (Regulation 1182/71, article 3). A weekend at the end
does not lengthen it here: earlier is always lawful.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CORRECTION, RESTRICTION, ACCESS, ERASURE = "correction", "restriction", "access", "erasure"
KINDS = (CORRECTION, RESTRICTION, ACCESS, ERASURE)
HIPAA, GDPR = "hipaa", "gdpr"
LAWS = (HIPAA, GDPR)
SOON = 7
"""How many days before its end a clock counts as soon over."""

_UNDER_GDPR = {"AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "IE", "IT", "LU", "NL", "NO", "PL", "PT"}
_UNDER_GDPR |= {"SE"}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long an answer may take: days or months, how many more once, and where that is written."""

    days: int = 0
    months: int = 0
    more_days: int = 0
    more_months: int = 0
    source: str = ""

    @property
    def can_be_extended(self) -> bool:
        """Tell whether the law lets the practice take more time, once."""
        return bool(self.more_days or self.more_months)

    def due(self, asked_on: date) -> date:
        """Return the last day for the answer."""
        return months_after(asked_on, self.months) + timedelta(days=self.days)

    def extended(self, asked_on: date) -> date:
        """Return the last day once more time was taken."""
        last = months_after(asked_on, self.months + self.more_months)
        return last + timedelta(days=self.days + self.more_days)


_MONTHS = Clock(months=1, more_months=2, source="GDPR article 12(3)")
_OF_THE_HOUSE = Clock(days=30)
_CLOCKS: Mapping[tuple[str, str], Clock] = {
    (HIPAA, CORRECTION): Clock(days=60, more_days=30, source="45 CFR 164.526(b)(2)"),
    (HIPAA, ACCESS): Clock(days=30, more_days=30, source="45 CFR 164.524(b)(2)"),
    (HIPAA, RESTRICTION): _OF_THE_HOUSE,
    (HIPAA, ERASURE): _OF_THE_HOUSE,
}
"""For restriction (45 CFR 164.522) and erasure the law of the United States sets no day; the house sets 30."""


def law_of(country: str) -> str:
    """Name the law on the rights of clients that a practice in this country is under."""
    return GDPR if country in _UNDER_GDPR else HIPAA


def clock_of(law: str, kind: str) -> Clock:
    """Return the clock of a kind of request under a law."""
    return _MONTHS if law == GDPR else _CLOCKS[law, kind]


def months_after(day: date, months: int) -> date:
    """Return the day of the same number so many months on, or that month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands against its clock: days left, below zero when it is late."""

    days_left: int

    @classmethod
    def of(cls, due_on: date, today: date) -> "Standing":
        """Compare a last day with today."""
        return cls((due_on - today).days)

    @property
    def is_late(self) -> bool:
        """Tell whether the last day has passed."""
        return self.days_left < 0

    @property
    def is_soon(self) -> bool:
        """Tell whether the last day is near and not past."""
        return 0 <= self.days_left <= SOON

    @property
    def words(self) -> str:
        """Say it as one reads it: `3 days late`, `Today`, `12 days left`."""
        if self.days_left == 0:
            return "Due today"
        days = abs(self.days_left)
        counted = "1 day" if days == 1 else f"{days} days"
        return f"{counted} late" if self.is_late else f"{counted} left"
