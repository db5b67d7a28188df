"""What a payment provider does with saved cards; every deed returns the news of it."""

from __future__ import annotations

from typing import Any

from billing.testpay import till
from billing.testpay.store import Document, Store
from billing.testpay.till import Happenings, RefusedError

CARDS: dict[str, tuple[str, str, str]] = {
    "works": ("It works", "visa", "4242"),
    "bank": ("The bank asks each time", "mastercard", "3155"),
    "no_funds": ("It can be saved and has no money on it", "visa", "9995"),
}
"""The test cards: in words, the brand, and the last four digits."""
WAITS = ("requires_payment_method", "requires_action", "requires_confirmation")
ASKS = {
    "code": "authentication_required",
    "decline_code": "authentication_required",
    "message": "The bank wants the cardholder to confirm.",
}


def save(store: Store, session: Document, manner: str) -> Happenings:
    """Save a card on a page; nothing is charged."""
    _, brand, last4 = CARDS[manner]
    owner = session["customer"]
    shown = {"brand": brand, "last4": last4, "exp_month": 8, "exp_year": 2034}
    body: Document = {"type": "card", "card": shown, "customer": owner, "_manner": manner}
    method = store.add("payment_method", "pm", body, parent=owner)
    kept: Document = {"status": "succeeded", "payment_method": method["id"], "customer": owner}
    intent = store.add("setup_intent", "seti", {**kept, "metadata": session["metadata"]})
    store.change(session, status="complete", setup_intent=intent["id"], url=None)
    return [("setup_intent.succeeded", intent), ("checkout.session.completed", session)]


def charge(store: Store, sent: dict[str, Any]) -> tuple[Document, Happenings]:
    """Charge a saved card; the same key of ours again is the same charge."""
    key, owner = sent.get("metadata", {}).get("payment"), sent.get("customer", "")
    for made in store.children("payment_intent", owner):
        if key and made["metadata"].get("payment") == key:
            return made, []
    _usable(store, sent.get("payment_method", ""), owner)
    body: Document = {
        "amount": int(sent["amount"]),
        "amount_received": 0,
        "currency": sent["currency"],
        "customer": owner,
        "status": "requires_confirmation",
        "metadata": sent.get("metadata", {}),
        "last_payment_error": None,
        "next_action": None,
        "latest_charge": None,
        "livemode": False,
    }
    intent = store.add("payment_intent", "pi", body, parent=owner)
    return intent, [("payment_intent.created", intent), *try_card(store, intent, sent)]


def try_card(store: Store, intent: Document, sent: dict[str, Any]) -> Happenings:
    """Try a card for a charge that waits; with the client away their bank cannot ask them."""
    if intent["status"] not in WAITS:
        raise RefusedError("This PaymentIntent is over.", "payment_intent_unexpected_state")
    method = _usable(store, sent.get("payment_method", ""), intent["customer"])
    manner, away = method["_manner"], sent.get("off_session") == "true"
    if manner == "bank" and not away:
        address = {"url": f"{sent['_host']}confirm/{intent['id']}", "return_url": sent.get("return_url", "")}
        store.change(
            intent, status="requires_action", next_action={"type": "redirect_to_url", "redirect_to_url": address}
        )
        return [("payment_intent.requires_action", intent)]
    if manner == "bank":
        return refuse(store, intent, ASKS)
    return refuse(store, intent, till.PROBLEMS["no_funds"]) if manner == "no_funds" else till.take(store, intent)


def refuse(store: Store, intent: Document, problem: dict[str, str]) -> Happenings:
    """Let a charge fail; it may be tried again."""
    error = {"type": "card_error", **problem}
    store.change(intent, status="requires_payment_method", last_payment_error=error, next_action=None)
    return [("payment_intent.payment_failed", intent)]


def cancel(store: Store, intent: Document) -> Happenings:
    """End a charge that waits."""
    if intent["status"] not in WAITS:
        raise RefusedError("This PaymentIntent cannot be cancelled.", "payment_intent_unexpected_state")
    store.change(intent, status="canceled", next_action=None)
    return [("payment_intent.canceled", intent)]


def _usable(store: Store, method_id: str, owner: str) -> Document:
    method = store.find("payment_method", method_id)
    if method is None or not method["customer"] or method["customer"] != owner:
        raise RefusedError("The card is not saved for this customer.", "payment_method_not_available")
    return method
