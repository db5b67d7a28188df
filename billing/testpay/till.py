"""What a payment provider does with a card, a page and a refund; every deed returns the news of it."""

from __future__ import annotations

import secrets
import time
from typing import Any

from billing.testpay import statement
from billing.testpay.store import Document, Store

Happenings = list[tuple[str, Document]]

PROBLEMS = {
    "declined": {"code": "card_declined", "decline_code": "generic_decline", "message": "Your card was declined."},
    "no_funds": {
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "message": "Your card has insufficient funds.",
    },
    "refused_by_bank": {
        "code": "payment_intent_authentication_failure",
        "message": "The provided payment method has failed authentication.",
    },
}


class RefusedError(Exception):
    """The provider will not do this."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


def pay(store: Store, session: Document) -> Happenings:
    """Take the money: the card works."""
    intent, news = _intent_of(store, session)
    taken = take(store, intent)
    store.change(session, status="complete", payment_status="paid", url=None)
    return [*news, *taken, ("checkout.session.completed", session)]


def take(store: Store, intent: Document) -> Happenings:
    """Take the money a PaymentIntent asks for."""
    slow = {**intent, "status": "processing"}
    charge = {"id": f"ch_{secrets.token_hex(12)}", "object": "charge", "payment_intent": intent["id"]}
    charge |= {"amount": intent["amount"], "currency": intent["currency"], "status": "succeeded"}
    store.change(
        intent,
        status="succeeded",
        amount_received=intent["amount"],
        last_payment_error=None,
        latest_charge=charge["id"],
        next_action=None,
    )
    taken = intent["amount"]
    statement.move(store, "charge", taken, intent["currency"], charge, fee=statement.fee_on(taken))
    return [
        ("payment_intent.processing", slow),
        ("payment_intent.succeeded", intent),
        ("charge.succeeded", charge),
    ]


def decline(store: Store, session: Document, problem: str) -> Happenings:
    """Refuse the card; the page stays open for another try."""
    intent, news = _intent_of(store, session)
    store.change(
        intent, status="requires_payment_method", last_payment_error={"type": "card_error", **PROBLEMS[problem]}
    )
    return [*news, ("payment_intent.payment_failed", intent)]


def ask_bank(store: Store, session: Document) -> Happenings:
    """Let the person's bank ask whether it is really them."""
    intent, news = _intent_of(store, session)
    store.change(intent, status="requires_action", last_payment_error=None)
    return [*news, ("payment_intent.requires_action", intent)]


def expire(store: Store, session: Document) -> Happenings:
    """Close a page that nobody paid."""
    if session["status"] != "open":
        raise RefusedError("Only open sessions can be expired.", "checkout_session_not_open")
    store.change(session, status="expired", url=None)
    return [("checkout.session.expired", session)]


def give_back(
    store: Store, intent: Document, amount: int | None, metadata: dict[str, str]
) -> tuple[Document, Happenings]:
    """Refund some of a payment, never more than is left."""
    left = intent["amount_received"] - sum(made["amount"] for made in store.children("refund", intent["id"]))
    amount = left if amount is None else amount
    if intent["status"] != "succeeded" or amount <= 0:
        raise RefusedError("This payment cannot be refunded.", "payment_intent_unexpected_state")
    if amount > left:
        code = "charge_already_refunded" if left == 0 else "amount_too_large"
        raise RefusedError(f"Refund amount ({amount}) is greater than what is left of the charge ({left}).", code)
    body: dict[str, Any] = {
        "amount": amount,
        "currency": intent["currency"],
        "payment_intent": intent["id"],
        "charge": intent["latest_charge"],
        "status": "succeeded",
        "metadata": metadata,
    }
    refund = store.add("refund", "re", body, parent=intent["id"])
    statement.move(store, "refund", -amount, intent["currency"], refund)
    charge = {"id": intent["latest_charge"], "object": "charge", "payment_intent": intent["id"]}
    return refund, [("refund.created", refund), ("charge.refunded", charge)]


def fresh(store: Store, session: Document) -> tuple[Document, Happenings]:
    """Return a session as it is now: one whose time has passed is expired first."""
    if session["status"] == "open" and session["expires_at"] <= time.time():
        return session, expire(store, session)
    return session, []


def _intent_of(store: Store, session: Document) -> tuple[Document, Happenings]:
    if session["payment_intent"]:
        intent = store.find("payment_intent", session["payment_intent"])
        if intent is not None:
            return intent, []
    body: dict[str, Any] = {
        "amount": session["amount_total"],
        "amount_received": 0,
        "currency": session["currency"],
        "status": "requires_payment_method",
        "metadata": session["_intent_metadata"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
    }
    intent = store.add("payment_intent", "pi", body)
    store.change(session, payment_intent=intent["id"])
    return intent, [("payment_intent.created", intent)]
