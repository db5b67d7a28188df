"""The few calls of Stripe's API (docs.stripe.com/api) that the gateway makes, answered from the store."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from billing.testpay import till
from billing.testpay.encoding import unflatten
from billing.testpay.news import publish
from billing.testpay.store import Document, Store

bp = Blueprint("api", __name__, url_prefix="/v1")

View = Callable[..., ResponseReturnValue]


class MissingError(Exception):
    """There is no such object."""


def store() -> Store:
    """Return the running server's store."""
    found: Store = current_app.extensions["testpay.store"]
    return found


@bp.before_request
def _only_with_key() -> ResponseReturnValue | None:
    if request.headers.get("Authorization") != f"Bearer {current_app.config['API_KEY']}":
        return _error("Invalid API key provided.", "", 401)
    return None


@bp.errorhandler(till.RefusedError)
def _refused(error: till.RefusedError) -> ResponseReturnValue:
    return _error(str(error), error.code, 400)


@bp.errorhandler(MissingError)
def _missing(error: MissingError) -> ResponseReturnValue:
    return _error(f"No such object: {error}", "resource_missing", 404)


def once(view: View) -> View:
    """Answer a repeated idempotency key as the first time, and refuse it for another question."""

    @wraps(view)
    def answer(**values: Any) -> ResponseReturnValue:
        key = request.headers.get("Idempotency-Key", "")
        asked = json.dumps([request.path, sorted(request.form.items(multi=True))])
        with store().lock:
            known = store().answer_to(key) if key else None
            if known and known[0] != asked:
                return _error("Keys can only be used with the same parameters.", "idempotency_key_in_use", 400)
            if known:
                return jsonify(known[1])
            made = view(**values)
            if key and isinstance(made, dict):
                store().keep_answer(key, asked, made)
            return made

    return answer


@bp.get("/products/<product_id>")
def product(product_id: str) -> ResponseReturnValue:
    """Retrieve a product."""
    return public(found("product", product_id))


@bp.post("/products")
@once
def create_product() -> ResponseReturnValue:
    """Create a product, under the id the caller chose if there is one."""
    sent = sent_values()
    if sent.get("id") and store().find("product", sent["id"]):
        raise till.RefusedError("Product already exists.", "resource_already_exists")
    return public(store().add("product", "prod", {"active": True, **_only(sent, "id", "name")}))


@bp.get("/prices")
def prices() -> ResponseReturnValue:
    """List the prices of a product."""
    return listed("/v1/prices", store().children("price", request.args.get("product", "")))


@bp.post("/prices")
@once
def create_price() -> ResponseReturnValue:
    """Create a price of a product."""
    sent = sent_values()
    owner = found("product", sent.get("product", ""))
    body = {
        "product": owner["id"],
        "currency": sent["currency"],
        "unit_amount": int(sent["unit_amount"]),
        "active": True,
    }
    return public(store().add("price", "price", body, parent=owner["id"]))


@bp.post("/checkout/sessions")
@once
def create_session() -> ResponseReturnValue:
    """Create a Checkout Session for one price, or one that saves a card."""
    sent = sent_values()
    if sent.get("mode") == "setup":
        return _page_to_save(sent)
    price = found("price", sent["line_items"][0]["price"])
    intent = sent.get("payment_intent_data", {})
    session = store().add(
        "checkout.session",
        "cs_test",
        {
            **_only(sent, "mode", "success_url", "cancel_url", "client_reference_id", "customer_email"),
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": price["unit_amount"] * int(sent["line_items"][0].get("quantity", 1)),
            "currency": price["currency"],
            "expires_at": int(sent.get("expires_at") or time.time() + 86_400),
            "livemode": False,
            "metadata": sent.get("metadata", {}),
            "_intent_metadata": intent.get("metadata", {}),
            "_label": intent.get("description", ""),
            "_detail": sent.get("custom_text", {}).get("submit", {}).get("message", ""),
        },
    )
    store().change(session, url=f"{request.host_url}pay/{session['id']}")
    return public(session)


@bp.get("/checkout/sessions/<session_id>")
def session(session_id: str) -> ResponseReturnValue:
    """Retrieve a Checkout Session, with its PaymentIntent when asked to expand it."""
    with store().lock:
        page, happened = till.fresh(store(), found("checkout.session", session_id))
        publish(store(), happened, "once", now=time.time())
    expanded = request.args.getlist("expand[0]")
    if "payment_intent" in expanded and page["payment_intent"]:
        page = {**page, "payment_intent": public(found("payment_intent", page["payment_intent"]))}
    if "setup_intent.payment_method" in expanded and page.get("setup_intent"):
        intent = found("setup_intent", page["setup_intent"])
        method = public(found("payment_method", intent["payment_method"]))
        page = {**page, "setup_intent": {**public(intent), "payment_method": method}}
    return public(page)


@bp.post("/checkout/sessions/<session_id>/expire")
@once
def expire_session(session_id: str) -> ResponseReturnValue:
    """Expire an open Checkout Session."""
    page = found("checkout.session", session_id)
    publish(store(), till.expire(store(), page), "once", now=time.time())
    return public(page)


@bp.get("/payment_intents/<intent_id>")
def payment_intent(intent_id: str) -> ResponseReturnValue:
    """Retrieve a PaymentIntent."""
    return public(found("payment_intent", intent_id))


@bp.post("/refunds")
@once
def create_refund() -> ResponseReturnValue:
    """Refund some or all of a PaymentIntent."""
    sent = sent_values()
    intent = found("payment_intent", sent.get("payment_intent", ""))
    amount = int(sent["amount"]) if sent.get("amount") else None
    refund, happened = till.give_back(store(), intent, amount, sent.get("metadata", {}))
    publish(store(), happened, "once", now=time.time())
    return public(refund)


@bp.get("/refunds")
def refunds() -> ResponseReturnValue:
    """List the refunds of a PaymentIntent."""
    return listed("/v1/refunds", store().children("refund", request.args.get("payment_intent", "")))


@bp.get("/events/<event_id>")
def event(event_id: str) -> ResponseReturnValue:
    """Retrieve an event."""
    return public(found("event", event_id))


def found(kind: str, document_id: str) -> Document:
    """Return a document, or answer that there is none."""
    document = store().find(kind, document_id)
    if document is None:
        raise MissingError(document_id)
    return document


def _page_to_save(sent: dict[str, Any]) -> Document:
    page = store().add(
        "checkout.session",
        "cs_test",
        {
            **_only(sent, "mode", "success_url", "cancel_url", "currency"),
            "customer": found("customer", sent.get("customer", ""))["id"],
            "status": "open",
            "payment_status": "no_payment_required",
            "payment_intent": None,
            "setup_intent": None,
            "expires_at": int(sent.get("expires_at") or time.time() + 86_400),
            "livemode": False,
            "metadata": sent.get("metadata", {}),
        },
    )
    store().change(page, url=f"{request.host_url}save/{page['id']}")
    return public(page)


def sent_values() -> dict[str, Any]:
    """Return what was sent, as it was nested."""
    try:
        return unflatten(request.form.items(multi=True))
    except (AttributeError, TypeError):
        abort(400)


def _only(sent: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: sent[name] for name in names if name in sent}


def public(document: Document) -> Document:
    """Return a document without what is ours alone."""
    return {name: value for name, value in document.items() if not name.startswith("_")}


def listed(url: str, documents: list[Document]) -> Document:
    """Return documents as a list of Stripe's."""
    return {"object": "list", "url": url, "has_more": False, "data": [public(one) for one in documents]}


def _error(message: str, code: str, status: int) -> ResponseReturnValue:
    kind = "idempotency_error" if code == "idempotency_key_in_use" else "invalid_request_error"
    return jsonify(error={"type": kind, "code": code or None, "message": message}), status
