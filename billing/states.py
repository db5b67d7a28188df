"""How far a payment or a refund has come. Pure: news may arrive in any order, and a rank tells old from new."""

from __future__ import annotations

from typing import Final

from practice.core.cards import ASKS_CLIENT
from practice.core.payments import Checkout, CheckoutStage, PaymentState, RefundStage

NEW, OPEN, PROCESSING, CLOSED, SUCCEEDED = "new", "open", "processing", "closed", "succeeded"
PAYMENT_STATUSES: Final = (NEW, OPEN, PROCESSING, CLOSED, SUCCEEDED)
UNDECIDED: Final = (NEW, OPEN, PROCESSING)
"""Payments of which the end is not known yet: the provider is asked about them until it is."""

KEPT, LATE, TWICE = "kept", "late", "twice"
FATES: Final = (KEPT, LATE, TWICE)
"""What became of money received: it pays for the session, came when the time was gone, or came a second time."""

QUEUED, SENDING, PENDING = "queued", "sending", "pending"
GIVEN_BACK, FAILED, WITHDRAWN = "succeeded", "failed", "withdrawn"
REFUND_STATUSES: Final = (QUEUED, SENDING, PENDING, GIVEN_BACK, FAILED, WITHDRAWN)
UNDER_WAY: Final = (QUEUED, SENDING, PENDING)
"""Refunds that are promised and did not arrive yet."""
DEAD_REFUNDS: Final = (FAILED, WITHDRAWN)
"""Refunds that take nothing from what is left of the charge."""

CARD, CREDIT = "card", "credit"
"""Where a refund goes: back to the card, or into the client's credit."""

REASONS: Final = {
    "cancelled": "The session was cancelled",
    "late": "The time was no longer free when the payment arrived",
    "twice": "The session was paid twice",
    "goodwill": "Goodwill",
    "technical": "The technology failed",
    "mistake": "Charged by mistake",
    "provider": "Made at the payment provider",
}

ADJUSTMENTS: Final = {
    "uncollectable": "It will not be paid",
    "hardship": "The client cannot afford it",
    "goodwill": "Goodwill",
    "mistake": "Billed by mistake",
}
"""Why a client is asked for less."""
WRITES_OFF: Final = ("uncollectable",)
"""Reasons that are a loss; the others take back what was billed."""

_RANK = {NEW: 0, OPEN: 1, PROCESSING: 2, CLOSED: 3, SUCCEEDED: 4}
_REFUND_RANK = {QUEUED: 0, SENDING: 1, PENDING: 2, GIVEN_BACK: 3, FAILED: 4, WITHDRAWN: 5}
_PAGE: dict[CheckoutStage, str] = {"open": OPEN, "expired": CLOSED, "complete": PROCESSING}
_REFUND: dict[RefundStage, str] = {"pending": PENDING, "succeeded": GIVEN_BACK, "failed": FAILED}


def further(current: str, news: str) -> str:
    """Return the payment status that is further on; what succeeded stays so."""
    return max(current, news, key=_RANK.__getitem__)


def refund_further(current: str, news: str) -> str:
    """Return the refund status that is further on; a bank may still send back what succeeded."""
    return max(current, news, key=_REFUND_RANK.__getitem__)


def status_of(page: Checkout | None, payment: PaymentState | None, *, by_card: bool = False) -> str:
    """Read a payment's status off what the provider says now.

    On a page a declined card may be followed by another; a saved card that is declined ends its attempt, unless the
    client's bank waits for them.
    """
    if (page and page.paid) or (payment and payment.stage == "succeeded"):
        return SUCCEEDED
    if page and page.stage == "expired":
        return CLOSED
    if payment and payment.stage == "cancelled":
        return CLOSED
    if payment and payment.stage == "processing":
        return PROCESSING
    if by_card and payment and payment.problem and payment.problem != ASKS_CLIENT:
        return CLOSED
    return _PAGE[page.stage] if page else OPEN


def refund_status_of(stage: RefundStage) -> str:
    """Read a refund's status off what the provider says now."""
    return _REFUND[stage]
