"""What a counselor says about how a service is paid. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from billing.terms.rules import AMOUNT, BASES, BOOKINGS, DEPOSIT, PERCENT, RESTS
from practice.core.forms import Errors, Reader
from practice.core.money import Money

HALF = 50


@dataclass(frozen=True, slots=True)
class PayingForm:
    """How a service is paid."""

    booking: str
    first_visit: str
    basis: str
    value: int
    rest: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, price: Money) -> Self | Errors:
        """Read the form; a deposit is asked for only where somebody pays one."""
        reader = Reader(data)
        booking = reader.choice("booking", BOOKINGS, missing="Choose what is paid at booking.")
        first = reader.choice("first_visit", BOOKINGS, missing="Choose what is paid before a first visit.")
        rest = reader.choice("rest", RESTS, missing="Choose when the rest is due.")
        basis, value = PERCENT, HALF
        if DEPOSIT in {booking, first}:
            basis = reader.choice("basis", BASES, missing="Choose how the deposit is reckoned.")
            if basis == AMOUNT:
                value = reader.money("amount", price.currency, least=1, most=max(price.cents, 1)).cents
            else:
                value = reader.integer("percent", least=1, most=100, unit="percent")
        return reader.errors or cls(booking, first, basis, value, rest)
