"""Saved cards at Stripe: Checkout in setup mode, SetupIntents, and charges that we begin ourselves.

https://docs.stripe.com/payments/save-and-reuse, https://docs.stripe.com/payments/save-during-payment#charge-saved-payment-method
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import stripe

from billing.stripe import reading
from billing.stripe.calls import in_our_words
from practice.core.cards import Card, ChargeRequest, SetupRequest, SetupState
from practice.core.payments import GatewayRefusedError, PaymentState

if TYPE_CHECKING:
    from stripe.params import CustomerCreateParams, PaymentIntentConfirmParams, PaymentIntentCreateParams
    from stripe.params.checkout import SessionCreateParams

MOST_CHARGES = 50


class CardCalls:
    """The calls about saved cards."""

    _stripe: stripe.StripeClient

    @in_our_words
    def make_customer(self, key: str, email: str) -> str:
        """Create a Customer."""
        made = self._stripe.v1.customers.create(customer_params(key, email), {"idempotency_key": f"customer-{key}"})
        return made.id

    @in_our_words
    def open_setup(self, request: SetupRequest) -> SetupState:
        """Create a Checkout Session that saves a card and charges nothing."""
        made = self._stripe.v1.checkout.sessions.create(
            setup_params(request), {"idempotency_key": f"setup-{request.key}"}
        )
        return _setup(made.to_dict())

    @in_our_words
    def setup(self, setup_id: str) -> SetupState:
        """Retrieve a Checkout Session with its SetupIntent and the card."""
        found = self._stripe.v1.checkout.sessions.retrieve(setup_id, {"expand": ["setup_intent.payment_method"]})
        return _setup(found.to_dict())

    @in_our_words
    def charge(self, request: ChargeRequest) -> PaymentState:
        """Create and confirm a PaymentIntent on a saved card."""
        try:
            made = self._stripe.v1.payment_intents.create(
                charge_params(request), {"idempotency_key": f"charge-{request.key}"}
            )
        except stripe.CardError as error:
            return _declined(error)
        return reading.payment(made.to_dict())

    @in_our_words
    def charges(self, customer_id: str) -> list[PaymentState]:
        """List the PaymentIntents of a Customer."""
        page = self._stripe.v1.payment_intents.list({"customer": customer_id, "limit": MOST_CHARGES})
        return [reading.payment(each.to_dict()) for each in page.data]

    @in_our_words
    def confirm(self, payment_id: str, card_id: str, return_url: str) -> PaymentState:
        """Confirm a PaymentIntent while the client is here."""
        try:
            made = self._stripe.v1.payment_intents.confirm(payment_id, confirm_params(card_id, return_url))
        except stripe.CardError as error:
            return _declined(error)
        return reading.payment(made.to_dict())

    def cancel(self, payment_id: str) -> PaymentState:
        """Cancel a PaymentIntent; one that cannot be cancelled is returned as it is."""
        try:
            return self._cancel(payment_id)
        except GatewayRefusedError:
            return self._found(payment_id)

    def forget_card(self, card_id: str) -> None:
        """Detach a PaymentMethod from its Customer."""
        try:
            self._detach(card_id)
        except GatewayRefusedError:
            return

    @in_our_words
    def _cancel(self, payment_id: str) -> PaymentState:
        return reading.payment(self._stripe.v1.payment_intents.cancel(payment_id).to_dict())

    @in_our_words
    def _found(self, payment_id: str) -> PaymentState:
        return reading.payment(self._stripe.v1.payment_intents.retrieve(payment_id).to_dict())

    @in_our_words
    def _detach(self, card_id: str) -> None:
        self._stripe.v1.payment_methods.detach(card_id)


def customer_params(key: str, email: str) -> CustomerCreateParams:
    """Make somebody known in Stripe's words: nothing but an address for its letters, and our key."""
    return {"email": email, "metadata": {"client": key}}


def setup_params(request: SetupRequest) -> SessionCreateParams:
    """Write a request for a page that saves a card in Stripe's words."""
    return {
        "mode": "setup",
        "customer": request.customer_id,
        "currency": request.currency.lower(),
        "allowed_payment_method_types": ["card"],
        "metadata": {"setup": request.key},
        "setup_intent_data": {"metadata": {"setup": request.key}},
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }


def charge_params(request: ChargeRequest) -> PaymentIntentCreateParams:
    """Write a charge of a saved card in Stripe's words."""
    return {
        "amount": request.amount.cents,
        "currency": request.amount.currency.lower(),
        "customer": request.customer_id,
        "payment_method": request.card_id,
        "metadata": {"payment": request.key},
        "confirm": True,
        "off_session": not request.present,
        "return_url": request.return_url,
    }


def confirm_params(card_id: str, return_url: str) -> PaymentIntentConfirmParams:
    """Write another try of a charge in Stripe's words."""
    return {"payment_method": card_id, "off_session": False, "return_url": return_url}


def _setup(values: dict[str, Any]) -> SetupState:
    return SetupState(
        id=values["id"],
        key=reading.metadata(values).get("setup", ""),
        url=values.get("url") or "",
        stage=reading.stage_of(values),
        card=_card(values.get("setup_intent") or {}),
    )


def _card(intent: Any) -> Card | None:
    method = intent.get("payment_method") if isinstance(intent, dict) and intent.get("status") == "succeeded" else None
    if not isinstance(method, dict) or not method.get("card"):
        return None
    shown = method["card"]
    return Card(method["id"], shown["brand"], shown["last4"], shown["exp_month"], shown["exp_year"])


def _declined(error: stripe.CardError) -> PaymentState:
    """Read the PaymentIntent that a declined card leaves behind."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    intent = body.get("error", {}).get("payment_intent")
    if not isinstance(intent, dict):
        raise GatewayRefusedError(str(error.user_message or error), error.code or "") from error
    return reading.payment(intent)
