"""What Stripe answers, read into our own words. Pure."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from practice.core.cards import ASKS_CLIENT
from practice.core.money import Money
from practice.core.payments import (
    Checkout,
    CheckoutStage,
    EventSubject,
    PaymentEvent,
    PaymentStage,
    PaymentState,
    RefundStage,
    RefundState,
)

if TYPE_CHECKING:
    import stripe

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
    "dispute": "dispute",
    "payout": "payout",
    "transfer": "transfer",
}


def stage_of(values: dict[str, Any]) -> CheckoutStage:
    """Read how far a Checkout Session has come."""
    return _CHECKOUT_STAGES.get(values.get("status", ""), "open")


def checkout(session: stripe.checkout.Session) -> Checkout:
    """Read a Checkout Session."""
    values = session.to_dict()
    intent = values.get("payment_intent")
    return Checkout(
        id=values["id"],
        key=metadata(values).get("payment", ""),
        url=values.get("url") or "",
        stage=stage_of(values),
        paid=values.get("payment_status") in {"paid", "no_payment_required"},
        payment=payment(intent) if isinstance(intent, dict) else None,
    )


def payment(values: dict[str, Any]) -> PaymentState:
    """Read a PaymentIntent."""
    stage = _PAYMENT_STAGES.get(values["status"], "waiting")
    received = values.get("amount_received", values["amount"] if stage == "succeeded" else 0)
    return PaymentState(
        id=values["id"],
        key=metadata(values).get("payment", ""),
        stage=stage,
        received=Money(received, values["currency"].upper()),
        problem=_problem(values) if stage == "waiting" else "",
        action_url=_bank_of(values),
    )


def _problem(values: dict[str, Any]) -> str:
    if values["status"] == "requires_action":
        return ASKS_CLIENT
    error = values.get("last_payment_error")
    return (error.get("decline_code") or error.get("code") or "declined") if error else ""


def _bank_of(values: dict[str, Any]) -> str:
    action = values.get("next_action") or {}
    return (action.get("redirect_to_url") or {}).get("url") or ""


def refund(values: dict[str, Any]) -> RefundState:
    """Read a refund."""
    return RefundState(
        id=values["id"],
        key=metadata(values).get("refund", ""),
        payment_id=id_of(values.get("payment_intent")),
        amount=Money(values["amount"], values["currency"].upper()),
        stage=_REFUND_STAGES.get(values.get("status", ""), "pending"),
        problem=values.get("failure_reason") or "",
    )


def metadata(values: dict[str, Any]) -> dict[str, str]:
    """Return what we wrote beside an object of Stripe's."""
    return values.get("metadata") or {}


def event(values: dict[str, Any], body: bytes) -> PaymentEvent:
    """Read an event; one without an id is known by its body."""
    about = values["data"]["object"]
    subject = _SUBJECTS.get(about.get("object", ""), "other")
    created = values.get("created")
    return PaymentEvent(
        id=values.get("id") or f"body_{hashlib.sha256(body).hexdigest()[:40]}",
        kind=values["type"],
        created_at=datetime.fromtimestamp(created, UTC) if created else datetime.now(UTC),
        subject=subject,
        subject_id=about.get("id") or "",
        payment_id=about.get("id", "") if subject == "payment" else id_of(about.get("payment_intent")),
        key=metadata(about).get("payment", ""),
    )


def id_of(value: Any) -> str:
    """Return the id of an object that may be there whole or by its id alone."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(value["id"])
