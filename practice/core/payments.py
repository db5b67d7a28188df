"""What a payment provider must do, in our own words. Pure: no provider is named here.

An answer that did not come leaves everything open (`GatewayDownError`): the same call
with the same key may be made again. A refusal is final (`GatewayRefusedError`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from practice.core.cards import Cards
from practice.core.money import Money
from practice.core.settlements import Settlements

CheckoutStage = Literal["open", "complete", "expired"]
PaymentStage = Literal["waiting", "processing", "succeeded", "cancelled"]
RefundStage = Literal["pending", "succeeded", "failed"]
EventSubject = Literal["checkout", "payment", "refund", "charge", "dispute", "payout", "transfer", "other"]


class GatewayDownError(Exception):
    """The provider did not answer, so nothing is known about the outcome."""


class GatewayRefusedError(Exception):
    """The provider will never do this; `code` is its own word for the reason."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class BadSignatureError(Exception):
    """A message claims to come from the provider and does not."""


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """A payment page to open at the provider; `key` is ours and makes repeats harmless."""

    key: str
    amount: Money
    label: str
    detail: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    appointment_id: int | None
    """What it is about, where that is a session."""


@dataclass(frozen=True, slots=True)
class PaymentState:
    """A payment as the provider knows it now; `problem` names the last decline."""

    id: str
    key: str
    stage: PaymentStage
    received: Money
    problem: str = ""
    action_url: str = ""
    """Where the client's bank asks the client, while it waits for them."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment page at the provider; `payment` is empty until the person tried to pay."""

    id: str
    key: str
    url: str
    stage: CheckoutStage
    paid: bool
    payment: PaymentState | None = None


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money to give back; `key` is ours and makes repeats harmless."""

    key: str
    payment_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundState:
    """A refund as the provider knows it now; `key` is empty when it was made on the provider's side."""

    id: str
    key: str
    payment_id: str
    amount: Money
    stage: RefundStage
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """News from the provider: a hint where to look, never the truth itself."""

    id: str
    kind: str
    created_at: datetime
    subject: EventSubject
    subject_id: str
    payment_id: str
    key: str


class Payments(Cards, Settlements, Protocol):
    """The payment provider."""

    def open_checkout(self, request: CheckoutRequest) -> Checkout:
        """Open a payment page; the same request again gives the same page."""
        ...

    def checkout(self, checkout_id: str) -> Checkout:
        """Look up a payment page."""
        ...

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Make sure that a page can no longer be paid, unless it already was."""
        ...

    def payment(self, payment_id: str) -> PaymentState:
        """Look up a payment."""
        ...

    def refund(self, request: RefundRequest) -> RefundState:
        """Give money back."""
        ...

    def refunds(self, payment_id: str) -> list[RefundState]:
        """Return every refund of a payment, whoever made it."""
        ...

    def read_event(self, body: bytes, signature: str) -> PaymentEvent:
        """Verify who sent a message and read it; raise BadSignatureError."""
        ...
