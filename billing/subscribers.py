"""What money does when something happens to an appointment. Runs inside booking's transaction."""

from __future__ import annotations

from billing import coming, fees, invoicing, payments, refunding
from billing.states import KEPT
from booking import events
from booking.events import Cancelled, Confirmed, FeeSettled
from booking.policy import Side


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
    """Promise back what the policy says, or take an unpaid invoice off the books; the money leaves after the commit."""
    by_client = happened.side is Side.CLIENT
    kept = next((payment for payment in payments.of(happened.appointment) if payment.fate == KEPT), None)
    if kept is None:
        if not (by_client and happened.late):
            invoicing.write_off(happened.appointment, now=happened.now)
        return
    back = fees.refund_on_cancelling(kept.left, by_client=by_client, late=happened.late)
    if back:
        refunding.request(kept, back, reason="cancelled", now=happened.now, by=happened.by)


def settle_fee(happened: FeeSettled) -> None:
    """Keep the fee of what was paid and promise back the rest; of an unpaid invoice ask for the fee alone."""
    appointment = happened.appointment
    kept = next((payment for payment in payments.of(appointment) if payment.fate == KEPT), None)
    if kept is None:
        invoicing.reduce(appointment, to=happened.fee, now=happened.now)
        return
    back = fees.beyond(kept.left, happened.fee)
    if back:
        reason = "cancelled" if appointment.cancelled_at else "goodwill"
        refunding.request(kept, back, reason=reason, now=happened.now, by=happened.by)
