"""The payment provider, by Stripe's API.

People pay on Stripe's own page (Checkout), so card data never reaches this server.
Every call that moves money carries an idempotency key, and our key is kept in the
metadata, so that an answer that was lost is found again.
"""

from __future__ import annotations

import json

import stripe

from billing.stripe import reading
from billing.stripe.calls import in_our_words
from billing.stripe.cards import CardCalls
from billing.stripe.params import PRODUCT_ID, checkout_params, price_params, product_params, refund_params
from billing.stripe.settling import SettlementCalls
from practice.core.money import Money
from practice.core.payments import (
    BadSignatureError,
    Checkout,
    CheckoutRequest,
    GatewayRefusedError,
    PaymentEvent,
    PaymentState,
    RefundRequest,
    RefundState,
)
from practice.core.settings import Settings

TIMEOUT_SECONDS = 15
TEST_KEY = "sk_test_stillpoint"
MOST_PRICES = 100


def build(settings: Settings) -> StripeGateway:
    """Build the gateway; a server of our own that stands in for Stripe takes the test key."""
    key = settings.stripe_api_key or (TEST_KEY if settings.stripe_api_base else "")
    return StripeGateway(key or "sk_missing", settings.stripe_webhook_secret, api_base=settings.stripe_api_base)


class StripeGateway(CardCalls, SettlementCalls):
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

    @in_our_words
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
        return reading.checkout(session)

    @in_our_words
    def checkout(self, checkout_id: str) -> Checkout:
        """Retrieve a Checkout Session with its PaymentIntent."""
        return reading.checkout(self._stripe.v1.checkout.sessions.retrieve(checkout_id, {"expand": ["payment_intent"]}))

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Expire a Checkout Session; one that is no longer open is returned as it is."""
        try:
            return self._expire(checkout_id)
        except GatewayRefusedError:
            return self.checkout(checkout_id)

    @in_our_words
    def payment(self, payment_id: str) -> PaymentState:
        """Retrieve a PaymentIntent."""
        return reading.payment(self._stripe.v1.payment_intents.retrieve(payment_id).to_dict())

    @in_our_words
    def refund(self, request: RefundRequest) -> RefundState:
        """Create a refund of a PaymentIntent."""
        refund = self._stripe.v1.refunds.create(refund_params(request), {"idempotency_key": f"refund-{request.key}"})
        return reading.refund(refund.to_dict())

    @in_our_words
    def refunds(self, payment_id: str) -> list[RefundState]:
        """List the refunds of a PaymentIntent."""
        page = self._stripe.v1.refunds.list({"payment_intent": payment_id, "limit": 100})
        return [reading.refund(refund.to_dict()) for refund in page.auto_paging_iter()]

    def read_event(self, body: bytes, signature: str) -> PaymentEvent:
        """Verify the `Stripe-Signature` header and read the event."""
        try:
            self._stripe.construct_event(body, signature, self._webhook_secret)
            return reading.event(json.loads(body), body)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSignatureError(type(error).__name__) from error

    @in_our_words
    def _expire(self, checkout_id: str) -> Checkout:
        return reading.checkout(self._stripe.v1.checkout.sessions.expire(checkout_id))

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
