"""What a client would like, and how a counselor's freed times are offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.waitlist.rules import DAYS, PARTS
from practice.core.forms import Errors, Reader

NOTICES = {60: "1 hour", 180: "3 hours", 720: "12 hours", 1440: "a day", 2880: "2 days"}
OFFERS = {15: "15 minutes", 30: "30 minutes", 60: "1 hour", 120: "2 hours", 720: "12 hours"}
FARTHEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The times somebody would take."""

    kind: str
    times: int
    first_on: date
    last_on: date
    notice_minutes: int
    by_text: bool = False

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date, kinds: list[str]) -> Self | Errors:
        """Read the form; without a kind to choose from, the kind is empty."""
        reader = Reader(data)
        kind = reader.choice("kind", kinds, missing="Choose a kind of session.") if kinds else ""
        every = [str(number) for number in range(len(DAYS) * len(PARTS))]
        times = reader.choices("times", every, missing="Choose at least one time of the week.")
        first_on = max(reader.day("first_on", required=False), today)
        last_on = reader.day("last_on")
        if "last_on" not in reader.messages and not first_on <= last_on:
            reader.complain("last_on", "Choose a day that is still ahead, after the first one.")
        elif last_on > today + FARTHEST:
            reader.complain("last_on", "Choose a day within a year.")
        notice = reader.choice("notice_minutes", [str(each) for each in NOTICES])
        by_text = reader.flag("by_text")
        return reader.errors or cls(kind, _bits(times), first_on, last_on, int(notice), by_text)


@dataclass(frozen=True, slots=True)
class OfferRules:
    """How freed times are offered."""

    active: bool
    offer_minutes: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        minutes = reader.choice("offer_minutes", [str(each) for each in OFFERS])
        return reader.errors or cls(reader.flag("active"), int(minutes))


def _bits(numbers: list[str]) -> int:
    return sum(1 << int(each) for each in numbers)
