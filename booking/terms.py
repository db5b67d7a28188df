"""What a late cancellation and a missed session cost, and how the terms of a booking read. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from practice.core.money import Money

NONE, PERCENT, AMOUNT = "none", "percent", "amount"
BASES: Final = (NONE, PERCENT, AMOUNT)

LATE_CANCEL, MISSED = "late_cancel", "no_show"
KINDS: Final = (LATE_CANCEL, MISSED)


@dataclass(frozen=True, slots=True)
class Fee:
    """A rule: nothing, a share of the price in percent, or an amount in cents; never more than the price."""

    basis: str
    value: int

    def of(self, price: Money) -> Money:
        """Work the fee out, shares rounded down to the cent."""
        if self.basis == PERCENT:
            return Money(price.cents * self.value // 100, price.currency)
        return Money(min(self.value, price.cents) if self.basis == AMOUNT else 0, price.currency)

    def in_words(self, currency: str) -> str:
        """Say how much it is."""
        if self.basis == NONE or not self.value:
            return "nothing"
        if self.basis == AMOUNT:
            return f"{Money(self.value, currency)}, at most the price of the session"
        return "the price of the session" if self.value == 100 else f"{self.value} % of the price of the session"


WHOLE_PRICE: Final = Fee(PERCENT, 100)


def policy_in_words(notice_hours: int, late: Fee, missed: Fee, currency: str, *, automatic: bool = False) -> str:
    """Write the terms a client accepts by booking."""
    if notice_hours == 0:
        in_time = "You can cancel or move a session free of charge until it starts."
        after = ""
    else:
        before = "1 hour" if notice_hours == 1 else f"{notice_hours} hours"
        in_time = f"You can cancel or move a session free of charge until {before} before it starts."
        after = f" Cancelling later costs {late.in_words(currency)}."
    decided = "A fee is charged a day later, unless your counselor or the practice lets it go. "
    return (
        f"{in_time}{after} Missing a session costs {missed.in_words(currency)}. "
        f"{decided if automatic else 'Your counselor or the practice decides each time and may let it go. '}"
        "Nothing is charged when the technology failed. "
        "If your counselor cancels, you get everything back."
    )


def hash_of(words: str) -> str:
    """Return the SHA-256 of a wording."""
    return sha256(words.encode()).hexdigest()
