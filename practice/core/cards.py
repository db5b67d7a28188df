"""What a payment provider does with saved cards, in our own words. Pure: card numbers never reach us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from practice.core.money import Money

if TYPE_CHECKING:
    from practice.core.payments import CheckoutStage, PaymentState

ASKS_CLIENT = "authentication_required"
"""The problem of a charge that the client's bank wants the client to confirm (strong customer authentication)."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card kept at the provider, as much of it as may be shown."""

    id: str
    brand: str
    last4: str
    month: int
    year: int


@dataclass(frozen=True, slots=True)
class SetupRequest:
    """A page to save a card on; `key` is ours and makes repeats harmless."""

    key: str
    customer_id: str
    currency: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SetupState:
    """A page to save a card on, as the provider knows it now; the card is there once it is saved."""

    id: str
    key: str
    url: str
    stage: CheckoutStage
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """Money to take from a saved card; `key` is ours and makes repeats harmless.

    `present` tells that the client is here and can answer their bank, who leads them to `return_url` afterwards.
    """

    key: str
    amount: Money
    customer_id: str
    card_id: str
    present: bool
    return_url: str


class Cards(Protocol):
    """The part of a payment provider that keeps cards."""

    def make_customer(self, key: str, email: str) -> str:
        """Make somebody known, so that cards can be kept for them; return the provider's number."""
        ...

    def open_setup(self, request: SetupRequest) -> SetupState:
        """Open a page to save a card on; the same request again gives the same page."""
        ...

    def setup(self, setup_id: str) -> SetupState:
        """Look up a page to save a card on."""
        ...

    def charge(self, request: ChargeRequest) -> PaymentState:
        """Take money from a saved card; a card that is declined is an answer and no error."""
        ...

    def charges(self, customer_id: str) -> list[PaymentState]:
        """Return somebody's latest payments, the newest first."""
        ...

    def confirm(self, payment_id: str, card_id: str, return_url: str) -> PaymentState:
        """Try a payment once more while the client is here; the answer may lead to their bank."""
        ...

    def cancel(self, payment_id: str) -> PaymentState:
        """Make sure that a payment can no longer succeed, unless it already did."""
        ...

    def forget_card(self, card_id: str) -> None:
        """Keep a card no longer; one that is gone already is no error."""
        ...
