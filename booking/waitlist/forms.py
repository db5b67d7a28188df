"""What a client would like, and how a counselor's freed times are offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Self

from werkzeug.datastructures import MultiDict

from booking.waitlist.rules import DAYS, PARTS, Stretch
from practice.core.forms import Errors, Reader

NOTICES = {60: "1 hour", 180: "3 hours", 720: "12 hours", 1440: "a day", 2880: "2 days"}
OFFERS = {15: "15 minutes", 30: "30 minutes", 60: "1 hour", 120: "2 hours", 720: "12 hours"}
FARTHEST = timedelta(days=365)
OTHERS = ("-2", "-3")
"""What the fields of a second and a third window end in, for other times on other dates."""
_EVERY = [str(number) for number in range(len(DAYS) * len(PARTS))]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The times somebody would take."""

    kind: str
    times: int
    first_on: date
    last_on: date
    notice_minutes: int
    by_text: bool = False
    windows: tuple[Stretch, ...] = ()
    """Different times on different dates, when there are any; the above then span them all."""

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date, kinds: list[str]) -> Self | Errors:
        """Read the form; without a kind to choose from, the kind is empty."""
        reader = Reader(data)
        kind = reader.choice("kind", kinds, missing="Choose a kind of session.") if kinds else ""
        windows = [_stretch(reader, "", today)]
        windows += [_stretch(reader, each, today) for each in OTHERS if _is_begun(data, each)]
        notice = reader.choice("notice_minutes", [str(each) for each in NOTICES])
        by_text = reader.flag("by_text")
        if reader.errors:
            return reader.errors
        return cls(
            kind,
            reduce(or_, (each.times for each in windows)),
            min(each.first_on for each in windows),
            max(each.last_on for each in windows),
            int(notice),
            by_text,
            tuple(windows) if len(windows) > 1 else (),
        )


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


def _is_begun(data: MultiDict[str, str], mark: str) -> bool:
    return any(data.get(f"{name}{mark}", "").strip() for name in ("times", "first_on", "last_on"))


def _stretch(reader: Reader, mark: str, today: date) -> Stretch:
    times = reader.choices(f"times{mark}", _EVERY, missing="Choose at least one time of the week.")
    first_on = max(reader.day(f"first_on{mark}", required=False), today)
    last_on = reader.day(f"last_on{mark}")
    if f"last_on{mark}" not in reader.messages and not first_on <= last_on:
        reader.complain(f"last_on{mark}", "Choose a day that is still ahead, after the first one.")
    elif last_on > today + FARTHEST:
        reader.complain(f"last_on{mark}", "Choose a day within a year.")
    return Stretch(_bits(times), first_on, last_on)


def _bits(numbers: list[str]) -> int:
    return sum(1 << int(each) for each in numbers)
