"""Statements: what a client owed on a day, what changed until another, and what they owed then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from billing import account
from billing.account import Line
from practice.core.forms import Errors, Reader, blank
from practice.core.money import Money
from practice.models import Person

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    first: date
    last: date

    @classmethod
    def of_month(cls, day: date) -> Self:
        """Return the month a day lies in."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the days; none at all stand for the month of today."""
        if not data.get("first") and not data.get("last"):
            return cls.of_month(today)
        reader = Reader(data)
        days = {name: reader.day(name) for name in ("first", "last")}
        for name, day in days.items():
            if not FIRST <= day <= LAST:
                reader.complain(name, "Enter a day like 2026-11-24.")
        if days["last"] < days["first"]:
            reader.complain("last", "The last day is before the first one.")
        return reader.errors or cls(days["first"], days["last"])

    @property
    def form(self) -> Errors:
        """The days as a form shows them."""
        return blank(first=self.first.isoformat(), last=self.last.isoformat())

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Return the instant the first day begins and the one at which the last has ended, on a zone's clock."""
        place = ZoneInfo(zone)
        ends = datetime.combine(self.last + timedelta(days=1), time.min, place)
        return datetime.combine(self.first, time.min, place).astimezone(UTC), ends.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a client's account in one currency; what the practice owes the client is below zero."""

    opening: Money
    lines: Sequence[Line]
    held_before: Money
    """What the practice held of the client's money for sessions to come, when the first day began."""
    held_after: Money

    @property
    def closing(self) -> Money:
        """What was owed when the last day had ended."""
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def added(self) -> Money:
        """What was added to what is owed."""
        return self._sum([line.amount for line in self.lines if line.amount.cents > 0])

    @property
    def taken(self) -> Money:
        """What was taken from what is owed; never above zero."""
        return self._sum([line.amount for line in self.lines if line.amount.cents < 0])

    def _sum(self, amounts: Sequence[Money]) -> Money:
        return sum(amounts, Money.zero(self.opening.currency))


def statements(client: Person, days: Days) -> list[Statement]:
    """Return a statement for each currency the client has an account in, on the client's own clock."""
    starts, ends = days.instants(client.zone)
    lines = account.between(client, starts, ends)
    owed = account.before(client, starts)
    held = account.held_before(client, starts), account.held_before(client, ends)
    return [
        Statement(
            Money(owed.get(currency, 0), currency),
            [line for line in lines if line.amount.currency == currency],
            *(Money(each.get(currency, 0), currency) for each in held),
        )
        for currency in sorted({*owed, *held[0], *held[1]})
    ]
