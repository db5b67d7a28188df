"""What people type about packages, as trusted values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader
from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class NewPackage:
    """A package that an administrator puts on offer."""

    service_id: int
    sessions: int
    unit: Money
    valid_days: int | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, prices: Mapping[int, Money]) -> Self | Errors:
        """Read the form; `prices` are what single sessions of the services cost."""
        reader = Reader(data)
        chosen = reader.choice("service_id", [str(number) for number in prices], missing="Choose a kind of session.")
        single = prices[int(chosen)] if chosen.isdecimal() and int(chosen) in prices else None
        sessions = reader.integer("sessions", least=2, most=100)
        unit = reader.money("unit", single.currency if single else "USD", least=1)
        if single is not None and "unit" not in reader.messages and unit > single:
            reader.complain("unit", f"A single session costs {single}; a package cannot cost more.")
        valid = reader.integer("valid_days", least=30, most=1826, unit="days") if data.get("valid_days") else None
        return reader.errors or cls(int(chosen), sessions, unit, valid)
