"""What we send to Stripe, in its words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from practice.core.money import Money
from practice.core.payments import CheckoutRequest, RefundRequest

if TYPE_CHECKING:
    from stripe.params import PriceCreateParams, ProductCreateParams, RefundCreateParams
    from stripe.params.checkout import SessionCreateParams

PRODUCT_ID = "stillpoint_session"


def checkout_params(request: CheckoutRequest, price: str) -> SessionCreateParams:
    """Write a request for a payment page in Stripe's words."""
    metadata = {"payment": request.key, "appointment": str(request.appointment_id or "")}
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
