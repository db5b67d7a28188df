"""By when an estimate is due, and how far what is billed has come against it (45 CFR 149.610 and 149.620). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from practice.core.money import Money

DISPUTED_FROM_CENTS = 400_00
"""So much above the estimate, a bill may be disputed (45 CFR 149.620(b)(2)(i)(A))."""
LONGEST = timedelta(days=365)
"""Recurring care is estimated for twelve months at most (45 CFR 149.610(b)(1)(x))."""


class Level(StrEnum):
    """How what is billed and booked stands against an estimate."""

    WITHIN = "within"
    ABOVE = "above"
    HEADING = "heading"
    """With what is booked it will be exceeded by as much as may be disputed."""
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Meter:
    """An estimate, what was billed of it, and what is booked and not billed yet."""

    estimate: Money
    billed: Money
    ahead: Money

    @property
    def limit(self) -> Money:
        """From here on, a bill may be disputed."""
        return self.estimate + Money(DISPUTED_FROM_CENTS, self.estimate.currency)

    @property
    def expected(self) -> Money:
        """What it will come to as things are booked."""
        return self.billed + self.ahead

    @property
    def left(self) -> Money:
        """How much more can be billed before a bill may be disputed; below zero once it may."""
        return self.limit - self.billed

    @property
    def percent(self) -> int:
        """How much of the estimate is billed; may pass 100."""
        return self.billed.cents * 100 // self.estimate.cents

    @property
    def level(self) -> Level:
        """How it stands."""
        if self.billed >= self.limit:
            return Level.PASSED
        if self.expected >= self.limit:
            return Level.HEADING
        return Level.ABOVE if self.expected > self.estimate else Level.WITHIN


def due_on(asked_on: date, first_session: date | None, holidays: Collection[date]) -> date:
    """Return the last day to give an estimate, for sessions booked or, without a first session, asked about.

    Booked ten business days ahead or more, within three; three or more, within one; asked for, within three
    (45 CFR 149.610(b)(1)(vi)). Booked later than that, none is owed, and it is due at once.
    """
    if first_session is None:
        return after(asked_on, 3, holidays)
    ahead = business_days(asked_on, first_session, holidays)
    return after(asked_on, 3 if ahead >= 10 else 1 if ahead >= 3 else 0, holidays)


def after(day: date, days: int, holidays: Collection[date]) -> date:
    """Return the business day so many business days after a day."""
    while days:
        day += timedelta(days=1)
        days -= is_business_day(day, holidays)
    return day


def business_days(first: date, last: date, holidays: Collection[date]) -> int:
    """Count the business days after one day until another, that one included."""
    between = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_business_day(day, holidays) for day in between)


def is_business_day(day: date, holidays: Collection[date]) -> bool:
    """Tell whether an office is open: Monday to Friday, but for public holidays (45 CFR 149.610(a)(2)(ii))."""
    return day.weekday() < 5 and day not in holidays
