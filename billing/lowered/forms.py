"""What people type about lowered prices, as trusted values. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader
from practice.core.money import Money

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,23}")
LAST = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class NewTier:
    """A step of the sliding scale."""

    name: str
    percent: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        name = reader.line("name", most=80, missing="Say who it is for.")
        percent = reader.integer("percent", least=1, most=99, unit="percent")
        return reader.errors or cls(name, percent)


@dataclass(frozen=True, slots=True)
class Attested:
    """A client's own word about their step."""

    tier_id: int

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, tiers: Collection[int]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        chosen = reader.choice("tier", [str(number) for number in tiers], missing="Choose the step that fits.")
        if not reader.flag("true"):
            reader.complain("true", "Tick that it is true.")
        return reader.errors or cls(int(chosen))


@dataclass(frozen=True, slots=True)
class Agreed:
    """A price that the practice agrees on with a client."""

    percent: int
    reason: str
    review_on: date

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        percent = reader.integer("percent", least=0, most=99, unit="percent")
        reason = reader.text("reason", most=300, missing="Say in a few words why.")
        review_on = reader.day("review_on")
        if "review_on" not in reader.messages and not today < review_on <= LAST:
            reader.complain("review_on", "Choose a day to come.")
        return reader.errors or cls(percent, reason, review_on)


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """A code an administrator makes."""

    code: str
    percent: int | None
    amount: Money | None
    most_uses: int | None
    last_day: date | None
    service_id: int | None

    @classmethod
    def parse(
        cls, data: MultiDict[str, str], *, currency: str, today: date, services: Collection[int]
    ) -> Self | Errors:
        """Read the form; `services` are the kinds of session it may be for, if not for all."""
        reader = Reader(data)
        code = written(reader.line("code", most=24, missing="Make up a code."))
        if code and not CODE.fullmatch(code):
            reader.complain("code", "Use 4 to 24 letters, digits and dashes.")
        by_share = reader.choice("measure", ("percent", "amount")) == "percent"
        percent = reader.integer("percent", least=1, most=100, unit="percent") if by_share else None
        amount = None if by_share else reader.money("amount", currency, least=1)
        most_uses = reader.integer("most_uses", least=1, most=100_000) if data.get("most_uses") else None
        last_day = reader.day("last_day", required=False)
        if last_day != date.min and not today <= last_day <= LAST:
            reader.complain("last_day", "Choose a day to come.")
        kinds = [str(number) for number in services]
        chosen = (
            reader.choice("service_id", kinds, missing="Choose a kind of session.") if data.get("service_id") else ""
        )
        until = None if last_day == date.min else last_day
        return reader.errors or cls(code, percent, amount, most_uses, until, int(chosen) if chosen else None)


def written(code: str) -> str:
    """Write a code as it is kept, however it was typed."""
    return code.strip().upper().replace(" ", "")[:24]
