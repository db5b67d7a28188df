"""What stands on an estimate (45 CFR 149.610(c)). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from practice.core.money import Money

LONGEST_DAYS = 365
DISCLAIMERS = (
    (
        "We expect no care elsewhere that has to be scheduled apart from this. Should that change, ask us, or whoever "
        "is to give it, for an estimate of it."
    ),
    (
        "Other care may be recommended as part of your treatment. It is scheduled or asked for separately, and is not "
        "in this estimate."
    ),
    (
        "This is only an estimate of what is reasonably expected on the day it was made. What you receive and what it "
        "costs may be different."
    ),
    (
        "If you are billed at least $400 more than this estimate, you have the right to dispute the bill. Ask us "
        "first: we may correct it, or agree with you on another amount. Or begin a dispute with the U.S. Department "
        "of Health and Human Services within 120 days of the bill, at www.cms.gov/nosurprises or 1-800-985-3059. "
        "Disputing a bill does not change the quality of your care."
    ),
    "This estimate is not a contract. It does not oblige you to receive any care, here or anywhere.",
)
"""What the law wants said, in our own words (45 CFR 149.610(c)(1)(vi) to (x))."""


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of session, how many of it, and what each costs in cents."""

    what: str
    minutes: int
    code: str
    count: int
    unit_cents: int
    first_on: str = ""
    last_on: str = ""
    """The days of the first and the last one that is booked; empty where somebody asked before booking."""

    @property
    def scope(self) -> str:
        """Say when they are to be, and how often (149.610(b)(1)(x)(A))."""
        if not self.first_on:
            return f"{_often(LONGEST_DAYS // self.count)}, within twelve months" if self.count > 1 else ""
        first, last = date.fromisoformat(self.first_on), date.fromisoformat(self.last_on)
        if first == last:
            return f"on {first:%-d %B %Y}"
        pace = _often((last - first).days // max(1, self.count - 1))
        return f"{pace}, {first:%-d %B %Y} to {last:%-d %B %Y}"

    @property
    def cents(self) -> int:
        """What they come to."""
        return self.count * self.unit_cents


@dataclass(frozen=True, slots=True)
class Document:
    """All that stands on it."""

    client: str
    born_on: str
    client_address: tuple[str, ...]
    provider: str
    npi: str
    tax_id: str
    office: tuple[str, ...]
    place: str
    diagnoses: tuple[str, ...]
    items: tuple[Item, ...]
    currency: str
    where: str = ""

    @property
    def birthday(self) -> date | None:
        """The day the client was born, where it is known."""
        return date.fromisoformat(self.born_on) if self.born_on else None

    @property
    def total(self) -> Money:
        """What all of it comes to."""
        return Money(sum(item.cents for item in self.items), self.currency)

    def money(self, cents: int) -> Money:
        """Read an amount of a line."""
        return Money(cents, self.currency)

    @property
    def lacks(self) -> list[str]:
        """Name what the law wants on it and nobody has said yet."""
        wanted = {
            "the client’s date of birth": self.born_on,
            "the counselor’s NPI": self.npi,
            "a tax number": self.tax_id,
        }
        return [words for words, there in wanted.items() if not there]

    def as_kept(self) -> dict[str, Any]:
        """Write it down."""
        return asdict(self)

    @classmethod
    def kept(cls, said: dict[str, Any]) -> Self:
        """Read what was kept."""
        lists: dict[str, Sequence[Any]] = {
            name: tuple(said[name]) for name in ("client_address", "office", "diagnoses")
        }
        return cls(**{**said, **lists, "items": tuple(Item(**item) for item in said["items"])})


def _often(days: int) -> str:
    """Say how often something comes that comes every so many days."""
    paces = ((4, "about twice a week"), (10, "about once a week"), (20, "about every two weeks"))
    return next((words for most, words in paces if days <= most), "about once a month or less")
