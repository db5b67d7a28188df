"""Amounts of money in integer minor units with their currency (ISO 4217). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "CHF": "CHF\u00a0"}
AMOUNT = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


class CurrencyMismatchError(ValueError):
    """Two amounts in different currencies were put together."""


@dataclass(frozen=True, slots=True)
class Money:
    """So many cents (hundredths) of one currency."""

    cents: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in the given currency."""
        return cls(0, currency)

    @classmethod
    def read(cls, text: str, currency: str) -> Money:
        """Read what a person typed, such as `1,250.5`; raise ValueError when it is no amount."""
        bare = text.strip().removeprefix(SYMBOLS.get(currency, "")).replace(",", "").replace(" ", "")
        found = AMOUNT.fullmatch(bare)
        if found is None:
            raise ValueError("not an amount in whole cents")
        sign, whole, part = found.groups()
        cents = int(whole) * 100 + int((part or "").ljust(2, "0"))
        return cls(-cents if sign else cents, currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.cents < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.cents <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.cents > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.cents >= self._same(other)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __str__(self) -> str:
        sign = "\u2212" if self.cents < 0 else ""
        whole, part = divmod(abs(self.cents), 100)
        symbol = SYMBOLS.get(self.currency, f"{self.currency}\u00a0")
        return f"{sign}{symbol}{whole:,}.{part:02d}"

    @property
    def plain(self) -> str:
        """The bare number, for a form field or a spreadsheet: `-12.50`."""
        sign = "-" if self.cents < 0 else ""
        whole, part = divmod(abs(self.cents), 100)
        return f"{sign}{whole}.{part:02d}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be put together.")
        return other.cents
