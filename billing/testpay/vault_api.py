"""The calls of Stripe's API about saved cards, answered from the store."""

from __future__ import annotations

import time
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from billing.testpay import vault
from billing.testpay.api import bp, found, once, public, sent_values, store
from billing.testpay.news import publish
from billing.testpay.store import Document
from billing.testpay.till import Happenings, RefusedError


@bp.post("/customers")
@once
def create_customer() -> ResponseReturnValue:
    """Create a Customer."""
    sent = sent_values()
    return public(store().add("customer", "cus", {"email": sent.get("email"), "metadata": sent.get("metadata", {})}))


@bp.post("/payment_intents")
@once
def create_intent() -> ResponseReturnValue:
    """Create and confirm a PaymentIntent on a saved card."""
    intent, happened = vault.charge(store(), _sent())
    return _answer(intent, happened)


@bp.get("/payment_intents")
def intents() -> ResponseReturnValue:
    """List the PaymentIntents of a Customer, the newest first."""
    made = store().children("payment_intent", request.args.get("customer", ""))
    return {"object": "list", "url": "/v1/payment_intents", "has_more": False, "data": [public(one) for one in made]}


@bp.post("/payment_intents/<intent_id>/confirm")
@once
def confirm_intent(intent_id: str) -> ResponseReturnValue:
    """Try a card for a PaymentIntent that waits."""
    intent = found("payment_intent", intent_id)
    return _answer(intent, vault.try_card(store(), intent, _sent()))


@bp.post("/payment_intents/<intent_id>/cancel")
@once
def cancel_intent(intent_id: str) -> ResponseReturnValue:
    """Cancel a PaymentIntent that waits."""
    intent = found("payment_intent", intent_id)
    publish(store(), vault.cancel(store(), intent), "once", now=time.time())
    return public(intent)


@bp.post("/payment_methods/<method_id>/detach")
@once
def detach_method(method_id: str) -> ResponseReturnValue:
    """Forget a saved card."""
    method = found("payment_method", method_id)
    if not method["customer"]:
        raise RefusedError("The card is not attached.", "payment_method_unexpected_state")
    return public(store().change(method, customer=None))


def _sent() -> dict[str, Any]:
    return {**sent_values(), "_host": request.host_url}


def _answer(intent: Document, happened: Happenings) -> ResponseReturnValue:
    publish(store(), happened, "once", now=time.time())
    if intent["status"] != "requires_payment_method":
        return public(intent)
    return jsonify(error={**intent["last_payment_error"], "payment_intent": public(intent)}), 402
