"""What a cancellation gives back, and how the policy reads. Pure."""

from __future__ import annotations

from practice.core.money import Money


def refund_on_cancelling(kept: Money, *, by_client: bool, late: bool) -> Money:
    """Return what goes back to the client: everything, unless the client came too late."""
    return Money.zero(kept.currency) if by_client and late else kept


def beyond(one: Money, other: Money) -> Money:
    """Return by how much one amount exceeds another: nothing where it does not."""
    return one - other if one > other else Money.zero(one.currency)


def policy_in_words(price: Money, notice_hours: int) -> str:
    """Say before anybody pays what cancelling costs."""
    if notice_hours == 0:
        return f"You can cancel at any time before the session starts and get {price} back."
    return (
        f"Cancel at least {_hours(notice_hours)} before the session and you get {price} back. "
        "After that the session is charged in full. If your counselor cancels, you always get everything back."
    )


def cancelling_in_words(paid: Money, fee: Money, *, by_client: bool, late: bool, notice_hours: int) -> str:
    """Say what cancelling now would do with the money; `fee` is what the terms ask for when it is late."""
    back = refund_on_cancelling(paid, by_client=by_client, late=late and bool(fee))
    if not paid:
        return "Nothing has been paid for this session."
    if back:
        return f"{back} will go back to the card it was paid with. Banks take 5 to 10 days to show it."
    return (
        f"This is less than {_hours(notice_hours)} before the session. A fee of {fee} may be kept, as agreed when "
        "booking. Your counselor decides about it, and the rest goes back."
    )


def _hours(count: int) -> str:
    return "1 hour" if count == 1 else f"{count} hours"
