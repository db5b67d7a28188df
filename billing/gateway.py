"""Stripe, through its official library; nothing else imports it.

People pay on Stripe's own page (Checkout), so card data never reaches this server.
Every call that moves money carries an idempotency key, and our key is kept in the
metadata, so that an answer that was lost is found again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import stripe

from practice.core.money import Money
from practice.core.payments import (
    BadSignatureError,
    Checkout,
    CheckoutRequest,
    CheckoutStage,
    EventSubject,
    GatewayDownError,
    GatewayRefusedError,
    PaymentEvent,
    PaymentStage,
    PaymentState,
    RefundRequest,
    RefundStage,
    RefundState,
)
from practice.core.settings import Settings

if TYPE_CHECKING:
    from stripe.params import PriceCreateParams, ProductCreateParams, RefundCreateParams
    from stripe.params.checkout import SessionCreateParams

TIMEOUT_SECONDS = 15
TEST_KEY = "sk_test_stillpoint"
PRODUCT_ID = "stillpoint_session"
MOST_PRICES = 100

P = ParamSpec("P")
R = TypeVar("R")

_CHECKOUT_STAGES: dict[str, CheckoutStage] = {"open": "open", "complete": "complete", "expired": "expired"}
_PAYMENT_STAGES: dict[str, PaymentStage] = {
    "processing": "processing",
    "requires_capture": "processing",
    "succeeded": "succeeded",
    "canceled": "cancelled",
}
_REFUND_STAGES: dict[str, RefundStage] = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
_SUBJECTS: dict[str, EventSubject] = {
    "checkout.session": "checkout",
    "payment_intent": "payment",
    "refund": "refund",
    "charge": "charge",
}


def _in_our_words(call: Callable[P, R]) -> Callable[P, R]:
    @wraps(call)
    def translated(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except (stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise GatewayDownError(str(error)) from error
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            raise GatewayDownError(f"Stripe does not accept our key: {error}") from error
        except stripe.StripeError as error:
            if error.http_status is None or error.http_status >= 500:
                raise GatewayDownError(str(error)) from error
            raise GatewayRefusedError(str(error.user_message or error), error.code or "") from error

    return translated


def build(settings: Settings) -> StripeGateway:
    """Build the gateway; a server of our own that stands in for Stripe takes the test key."""
    key = settings.stripe_api_key or (TEST_KEY if settings.stripe_api_base else "")
    return StripeGateway(key or "sk_missing", settings.stripe_webhook_secret, api_base=settings.stripe_api_base)


class StripeGateway:
    """The payment provider, by Stripe's API or a server that speaks it."""

    def __init__(self, api_key: str, webhook_secret: str, *, api_base: str = "", retries: int = 2) -> None:
        self._stripe = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        )
        self.api_base = api_base
        self._webhook_secret = webhook_secret
        self._prices: dict[Money, str] = {}

    @_in_our_words
    def open_checkout(self, request: CheckoutRequest) -> Checkout:
        """Create a Checkout Session; the metadata reaches its PaymentIntent too."""
        price = self._price_of(request.amount, request.label)
        try:
            session = self._stripe.v1.checkout.sessions.create(
                checkout_params(request, price), {"idempotency_key": f"checkout-{request.key}"}
            )
        except stripe.InvalidRequestError:
            self._prices.pop(request.amount, None)  # it may have been put away meanwhile; the next try looks again
            raise
        return _checkout(session)

    @_in_our_words
    def checkout(self, checkout_id: str) -> Checkout:
        """Retrieve a Checkout Session with its PaymentIntent."""
        return _checkout(self._stripe.v1.checkout.sessions.retrieve(checkout_id, {"expand": ["payment_intent"]}))

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Expire a Checkout Session; one that is no longer open is returned as it is."""
        try:
            return self._expire(checkout_id)
        except GatewayRefusedError:
            return self.checkout(checkout_id)

    @_in_our_words
    def payment(self, payment_id: str) -> PaymentState:
        """Retrieve a PaymentIntent."""
        return _payment(self._stripe.v1.payment_intents.retrieve(payment_id).to_dict())

    @_in_our_words
    def refund(self, request: RefundRequest) -> RefundState:
        """Create a refund of a PaymentIntent."""
        refund = self._stripe.v1.refunds.create(refund_params(request), {"idempotency_key": f"refund-{request.key}"})
        return _refund(refund.to_dict())

    @_in_our_words
    def refunds(self, payment_id: str) -> list[RefundState]:
        """List the refunds of a PaymentIntent."""
        page = self._stripe.v1.refunds.list({"payment_intent": payment_id, "limit": 100})
        return [_refund(refund.to_dict()) for refund in page.auto_paging_iter()]

    def read_event(self, body: bytes, signature: str) -> PaymentEvent:
        """Verify the `Stripe-Signature` header and read the event."""
        try:
            self._stripe.construct_event(body, signature, self._webhook_secret)
            return _event(json.loads(body), body)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSignatureError(type(error).__name__) from error

    @_in_our_words
    def _expire(self, checkout_id: str) -> Checkout:
        return _checkout(self._stripe.v1.checkout.sessions.expire(checkout_id))

    def _price_of(self, amount: Money, label: str) -> str:
        if amount not in self._prices:
            self._prices[amount] = self._find_price(amount) or self._make_price(amount, label)
        return self._prices[amount]

    def _find_price(self, amount: Money) -> str | None:
        page = self._stripe.v1.prices.list({"product": PRODUCT_ID, "active": True, "limit": MOST_PRICES})
        wanted = (amount.cents, amount.currency.lower())
        for price in page.auto_paging_iter():
            if (price.unit_amount, price.currency) == wanted:
                return price.id
        return None

    def _make_price(self, amount: Money, label: str) -> str:
        return self._stripe.v1.prices.create(price_params(self._product(label), amount)).id

    def _product(self, label: str) -> str:
        try:
            return self._stripe.v1.products.retrieve(PRODUCT_ID).id
        except stripe.InvalidRequestError as error:
            if error.http_status != 404:
                raise
            return self._stripe.v1.products.create(product_params(label)).id


def checkout_params(request: CheckoutRequest, price: str) -> SessionCreateParams:
    """Write a request for a payment page in Stripe's words."""
    metadata = {"payment": request.key, "appointment": str(request.appointment_id)}
    return {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],
        "line_items": [{"price": price, "quantity": 1}],
        "customer_email": request.email,
        "client_reference_id": request.key,
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata, "description": request.label},
        "custom_text": {"submit": {"message": request.detail}},
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "expires_at": int(request.expires_at.timestamp()),
    }


def product_params(label: str) -> ProductCreateParams:
    """Name the one thing that is sold, in Stripe's words."""
    return {"id": PRODUCT_ID, "name": label}


def price_params(product: str, amount: Money) -> PriceCreateParams:
    """Write what one amount is for, in Stripe's words."""
    return {"product": product, "currency": amount.currency.lower(), "unit_amount": amount.cents}


def refund_params(request: RefundRequest) -> RefundCreateParams:
    """Write a request for a refund in Stripe's words."""
    return {
        "payment_intent": request.payment_id,
        "amount": request.amount.cents,
        "metadata": {"refund": request.key},
    }


def _checkout(session: stripe.checkout.Session) -> Checkout:
    values = session.to_dict()
    intent = values.get("payment_intent")
    return Checkout(
        id=values["id"],
        key=_metadata(values).get("payment", ""),
        url=values.get("url") or "",
        stage=_CHECKOUT_STAGES.get(values.get("status", ""), "open"),
        paid=values.get("payment_status") in {"paid", "no_payment_required"},
        payment=_payment(intent) if isinstance(intent, dict) else None,
    )


def _payment(values: dict[str, Any]) -> PaymentState:
    stage = _PAYMENT_STAGES.get(values["status"], "waiting")
    received = values.get("amount_received", values["amount"] if stage == "succeeded" else 0)
    return PaymentState(
        id=values["id"],
        key=_metadata(values).get("payment", ""),
        stage=stage,
        received=Money(received, values["currency"].upper()),
        problem=_problem(values.get("last_payment_error")) if stage == "waiting" else "",
    )


def _problem(error: dict[str, Any] | None) -> str:
    return (error.get("decline_code") or error.get("code") or "declined") if error else ""


def _refund(values: dict[str, Any]) -> RefundState:
    return RefundState(
        id=values["id"],
        key=_metadata(values).get("refund", ""),
        payment_id=_id_of(values.get("payment_intent")),
        amount=Money(values["amount"], values["currency"].upper()),
        stage=_REFUND_STAGES.get(values.get("status", ""), "pending"),
        problem=values.get("failure_reason") or "",
    )


def _metadata(values: dict[str, Any]) -> dict[str, str]:
    return values.get("metadata") or {}


def _event(values: dict[str, Any], body: bytes) -> PaymentEvent:
    about = values["data"]["object"]
    subject = _SUBJECTS.get(about.get("object", ""), "other")
    created = values.get("created")
    return PaymentEvent(
        id=values.get("id") or f"body_{hashlib.sha256(body).hexdigest()[:40]}",
        kind=values["type"],
        created_at=datetime.fromtimestamp(created, UTC) if created else datetime.now(UTC),
        subject=subject,
        subject_id=about.get("id") or "",
        payment_id=about.get("id", "") if subject == "payment" else _id_of(about.get("payment_intent")),
        key=_metadata(about).get("payment", ""),
    )


def _id_of(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return str(value["id"])
