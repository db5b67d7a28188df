"""Sessions are booked on packages as they stand, paid from them as they are billed, and given back when called off."""

from __future__ import annotations

from billing import events as billing
from billing.packages import services
from booking import events as booking
from booking.policy import Side


def subscribe_before_billing() -> None:
    """Listen to booking before anything is billed, so that the bill asks for the price that was agreed."""
    booking.confirmed.subscribe(redeem)


def subscribe() -> None:
    """Listen to booking and to billing."""
    billing.issued.subscribe(pay)
    booking.cancelled.subscribe(release)


def redeem(happened: booking.Confirmed) -> None:
    """Book a session on a package."""
    services.redeem(happened.appointment, now=happened.now)


def pay(happened: billing.Issued) -> None:
    """Pay a session from its package."""
    services.pay(happened.invoice, now=happened.now)


def release(happened: booking.Cancelled) -> None:
    """Give a session back, unless its client called it off too late: then somebody decides about a fee."""
    if not (happened.side is Side.CLIENT and happened.late):
        services.release(happened.appointment, now=happened.now)
