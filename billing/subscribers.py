"""What money does when something happens to an appointment. Runs inside booking's transaction."""

from __future__ import annotations

from billing import coming, invoicing, settling
from booking import events
from booking.events import Cancelled, Confirmed, FeeSettled
from booking.policy import Side
from practice.core.money import Money


def subscribe() -> None:
    """Listen to booking."""
    events.confirmed.subscribe(bill)
    events.cancelled.subscribe(settle_cancelled)
    events.fee_settled.subscribe(settle_fee)


def bill(happened: Confirmed) -> None:
    """Issue the invoice of an appointment that stands; later ones of a series are billed as they come near."""
    if not coming.waits(happened.appointment, happened.now):
        invoicing.issue(happened.appointment, now=happened.now)


def settle_cancelled(happened: Cancelled) -> None:
    """Promise back what was paid and ask for nothing more; about a late cancellation somebody decides first.

    The money leaves after the commit.
    """
    if happened.side is Side.CLIENT and happened.late:
        return
    nothing = Money.zero(happened.appointment.currency)
    settling.keep(happened.appointment, nothing, reason="cancelled", now=happened.now, by=happened.by)


def settle_fee(happened: FeeSettled) -> None:
    """Keep the fee of what was paid and promise back the rest; what is missing is still asked for."""
    reason = "cancelled" if happened.appointment.cancelled_at else "goodwill"
    settling.keep(happened.appointment, happened.fee, reason=reason, now=happened.now, by=happened.by)
