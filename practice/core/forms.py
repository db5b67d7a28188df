"""Turn what a person typed into trusted values, or into words about what to change. Pure.

A form is a frozen dataclass with a `parse` classmethod that reads every field through
a `Reader`, so that all that is wrong is said at once and nothing typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from werkzeug.datastructures import MultiDict

from practice.core.money import Money

EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,63}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Errors:
    """A form as it was sent, and what to say beside its fields."""

    values: Mapping[str, Any]
    messages: Mapping[str, str] = field(default_factory=dict)


def blank(**values: Any) -> Errors:
    """Return a form with nothing wrong yet, showing these values."""
    return Errors(values)


def refused(data: MultiDict[str, str], **messages: str) -> Errors:
    """Return a form as sent, with words from somebody who knew more than the form."""
    return Errors(shown(data), messages)


def shown(data: MultiDict[str, str]) -> dict[str, Any]:
    """Return the sent values for showing again: lists for fields sent several times, no passwords."""
    kept = {}
    for name in data:
        values = data.getlist(name)
        if "password" not in name and name != "csrf_token":
            kept[name] = values[0] if len(values) == 1 else values
    return kept


class Reader:
    """Read fields one by one and collect what is wrong with them."""

    def __init__(self, data: MultiDict[str, str]) -> None:
        self._data = data
        self.messages: dict[str, str] = {}

    @property
    def errors(self) -> Errors | None:
        """Return the form to show again, or None when every field was fine."""
        return Errors(shown(self._data), self.messages) if self.messages else None

    def complain(self, name: str, message: str) -> None:
        """Say what is wrong with a field; the first word on it stands."""
        self.messages.setdefault(name, message)

    def text(
        self, name: str, *, most: int = 200, least: int = 0, required: bool = True, missing: str = "Fill this in."
    ) -> str:
        """Read text without control characters, trimmed."""
        value = CONTROL.sub("", self._data.get(name, "")).replace("\r\n", "\n").strip()
        if required and not value:
            self.complain(name, missing)
        elif value and len(value) < least:
            self.complain(name, f"Use at least {least} characters.")
        elif len(value) > most:
            self.complain(name, f"Use at most {most:,} characters; this has {len(value):,}.")
        return value

    def line(self, name: str, *, most: int = 200, required: bool = True, missing: str = "Fill this in.") -> str:
        """Read text on one line, with single spaces."""
        return " ".join(self.text(name, most=most, required=required, missing=missing).split())

    def secret(self, name: str) -> str:
        """Read a password exactly as typed."""
        value = self._data.get(name, "")
        if not value:
            self.complain(name, "Enter your password.")
        return value[:1000]

    def email(self, name: str) -> str:
        """Read an e-mail address, in lower case."""
        value = self.text(name, most=254, missing="Enter your e-mail address.").lower()
        if value and not EMAIL.fullmatch(value):
            self.complain(name, "Enter an e-mail address like name@example.com.")
        return value

    def integer(self, name: str, *, least: int, most: int, unit: str = "") -> int:
        """Read a whole number within bounds."""
        value = self.text(name, most=20)
        number = int(value) if re.fullmatch(r"-?\d{1,12}", value) else None
        if value and (number is None or not least <= number <= most):
            self.complain(name, f"Enter a whole number from {least:,} to {most:,}{f' {unit}' if unit else ''}.")
        return least if number is None else number

    def money(self, name: str, currency: str, *, least: int = 0, most: int = 10_000_00) -> Money:
        """Read an amount within bounds given in cents."""
        value = self.text(name, most=20)
        try:
            amount = Money.read(value, currency)
        except ValueError:
            if value:
                self.complain(name, "Enter an amount like 120 or 120.50.")
            return Money.zero(currency)
        if not least <= amount.cents <= most:
            self.complain(name, f"Enter an amount from {Money(least, currency)} to {Money(most, currency)}.")
        return amount

    def day(self, name: str, *, required: bool = True) -> date:
        """Read a day; the smallest one stands for a field left empty."""
        value = self.text(name, most=20, required=required, missing="Choose a day.")
        try:
            return date.fromisoformat(value)
        except ValueError:
            if value:
                self.complain(name, "Enter a day like 2026-11-24.")
            return date.min

    def time(self, name: str, *, required: bool = True) -> time:
        """Read a time of day to the minute; midnight stands for a field left empty."""
        value = self.text(name, most=8, required=required, missing="Choose a time.")
        try:
            return time.fromisoformat(value).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            if value:
                self.complain(name, "Enter a time like 14:30.")
            return time.min

    def choice(self, name: str, options: Collection[str], *, missing: str = "Choose one.") -> str:
        """Read one of the options."""
        value = self._data.get(name, "")
        if value not in options:
            self.complain(name, missing)
        return value

    def choices(self, name: str, options: Iterable[str], *, missing: str = "") -> list[str]:
        """Read any of the options, in the order of the options; complain about none when `missing` is given."""
        sent = set(self._data.getlist(name))
        chosen = [option for option in options if option in sent]
        if missing and not chosen:
            self.complain(name, missing)
        return chosen

    def flag(self, name: str) -> bool:
        """Read a checkbox."""
        return self._data.get(name, "") in {"1", "on", "true", "yes"}

    def zone(self, name: str) -> str:
        """Read a time zone by its IANA name."""
        value = self._data.get(name, "").strip()
        if value not in available_timezones():
            self.complain(name, "Choose a time zone from the list.")
            return "UTC"
        return ZoneInfo(value).key
