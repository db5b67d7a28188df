"""What we send to Stripe, checked against the parameter types that its own library ships."""

from __future__ import annotations

import sys
import typing
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import stripe.params
import typing_extensions
from pydantic import ConfigDict, TypeAdapter, ValidationError
from stripe.params.checkout import SessionCreateParams
from typing_extensions import is_typeddict

from billing.stripe import cards, params
from practice.core.cards import ChargeRequest, SetupRequest
from practice.core.money import Money
from practice.core.payments import CheckoutRequest, RefundRequest

FEE = Money(120_00, "USD")
ASKED = CheckoutRequest(
    key="k",
    amount=FEE,
    label="Session",
    detail="Tuesday 24 November, 14:00",
    email="alice@example.org",
    success_url="https://stillpoint.example/back",
    cancel_url="https://stillpoint.example/back",
    expires_at=datetime(2026, 11, 23, 10, tzinfo=UTC),
    appointment_id=7,
)
BACK = "https://stillpoint.example/back"
KEPT = SetupRequest("k", "cus_1", "USD", BACK, BACK, datetime(2026, 11, 23, 10, tzinfo=UTC))
CHARGED = ChargeRequest("k", FEE, "cus_1", "pm_1", present=False, return_url=BACK)
SENT = {
    "checkout": (SessionCreateParams, params.checkout_params(ASKED, "price_1")),
    "refund": (stripe.params.RefundCreateParams, params.refund_params(RefundRequest("k", "pi_1", FEE))),
    "price": (stripe.params.PriceCreateParams, params.price_params("prod_1", FEE)),
    "product": (stripe.params.ProductCreateParams, params.product_params("Session")),
    "customer": (stripe.params.CustomerCreateParams, cards.customer_params("k", "alice@example.org")),
    "setup": (SessionCreateParams, cards.setup_params(KEPT)),
    "charge": (stripe.params.PaymentIntentCreateParams, cards.charge_params(CHARGED)),
    "confirm": (stripe.params.PaymentIntentConfirmParams, cards.confirm_params("pm_1", BACK)),
}


@pytest.mark.parametrize("name", SENT)
def test_every_call_says_what_stripes_own_types_allow(name):
    kind, sent = SENT[name]
    checker(kind).validate_python(sent)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("checkout", {"payment_method_types": ["card"]}),
        ("checkout", {"expires_at": "soon"}),
        ("checkout", {"line_items": [{"prize": "price_1", "quantity": 1}]}),
        ("refund", {"ammount": 5}),
        ("refund", {"amount": "much"}),
        ("setup", {"setup_intent": {}}),
        ("charge", {"off_session": 7}),
        ("price", {"unit_amount": "twelve"}),
        ("product", {"name": 7}),
    ],
)
def test_the_types_would_find_a_mistake(name, change):
    kind, sent = SENT[name]
    with pytest.raises(ValidationError):
        checker(kind).validate_python({**sent, **change})


@cache
def checker(kind: Any) -> TypeAdapter[Any]:
    """Build a checker that refuses unknown names at every depth."""
    _forbid_unknown(kind, set())
    return TypeAdapter(kind)


def _forbid_unknown(kind: Any, seen: set[Any]) -> None:
    if kind in seen:
        return
    seen.add(kind)
    kind.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    waiting = list(_hints(kind).values())
    while waiting:
        found = waiting.pop()
        if is_typeddict(found):
            _forbid_unknown(found, seen)
        waiting.extend(typing.get_args(found))


def _hints(kind: Any) -> dict[str, Any]:
    """Resolve the annotations; names that the library imports for type checkers only are brought in."""
    while True:
        try:
            return typing.get_type_hints(kind, include_extras=True)
        except NameError as missing:
            known = getattr(typing_extensions, missing.name, None) or getattr(stripe.params, missing.name, Any)
            setattr(sys.modules[kind.__module__], missing.name, known)
