"""What is paid at booking and when the rest is due. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from practice.core.money import Money

FULL, DEPOSIT, CARD, NOTHING = "full", "deposit", "card", "nothing"
BOOKINGS: Final = (FULL, DEPOSIT, CARD, NOTHING)
"""What a client does to book: pay all of it, pay a part, leave a card, or neither."""
BEFORE, AFTER = "before", "after"
RESTS: Final = (BEFORE, AFTER)
"""When what was not paid at booking is due: the day before the session, or the day after it."""
PERCENT, AMOUNT = "percent", "amount"
BASES: Final = (PERCENT, AMOUNT)

CHARGED_AT, TOLD_AT = time(9), time(18)
NOTICE = timedelta(hours=12)
"""How long before a charge its preview goes out at the latest."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How one session is paid."""

    booking: str
    deposit: Money
    rest: str

    @property
    def books_unpaid(self) -> bool:
        """Whether the session stands before anything is paid."""
        return self.booking in {CARD, NOTHING}


def deposit_of(price: Money, basis: str, value: int) -> Money:
    """Return the deposit on a price, a percentage rounded half up to whole cents, and never more than the price."""
    cents = (price.cents * value + 50) // 100 if basis == PERCENT else value
    return Money(max(1, min(cents, price.cents)), price.currency)


def charge_at(starts_at: datetime, ends_at: datetime, rest: str, zone: str) -> datetime:
    """Return when a card is charged: at nine in the morning where the client is, the day before or after."""
    about, days = (starts_at, -1) if rest == BEFORE else (ends_at, 1)
    day = about.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    return datetime.combine(day, CHARGED_AT, ZoneInfo(zone)).astimezone(UTC)


def tell_at(charged_at: datetime, zone: str) -> datetime:
    """Return when a charge is announced: at six in the evening before it, where the client is."""
    day = charged_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    return datetime.combine(day, TOLD_AT, ZoneInfo(zone)).astimezone(UTC)


def in_words(terms: Terms, price: Money) -> str:
    """Say to a client what is paid now and what later."""
    later = {BEFORE: "the day before the session", AFTER: "the day after the session"}[terms.rest]
    if terms.booking == DEPOSIT and terms.deposit < price:
        return f"You pay {terms.deposit} now. The rest, {price - terms.deposit}, is due {later}."
    if terms.booking == CARD:
        return f"Nothing is charged now. {price} is charged to your card {later}; you hear of it the evening before."
    if terms.booking == NOTHING:
        return f"You pay nothing now. {price} is due {later}."
    return f"You pay {price} now."
