"""The pages people see at the test provider: paying, the bank's question, and the provider's own side."""

from __future__ import annotations

import time
from typing import get_args

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from billing.testpay import till
from billing.testpay.api import store
from billing.testpay.news import Manner, publish
from billing.testpay.provider_side import disputes, held, payouts, transfers
from billing.testpay.store import Document
from practice.core.money import Money

bp = Blueprint("pages", __name__)

MANNERS: dict[str, str] = {
    "once": "At once, in order",
    "twice": "Twice",
    "late": "Late, after 25 seconds",
    "shuffled": "Out of order",
    "never": "Never",
}
PROBLEM_WORDS = {
    "generic_decline": "This test card was declined. Choose how it goes this time.",
    "insufficient_funds": "This test card has no money left on it. Choose how it goes this time.",
    "payment_intent_authentication_failure": "The bank was told that it was not you. Choose how it goes this time.",
}


@bp.before_request
def _only_from_here() -> ResponseReturnValue | None:
    origin = request.headers.get("Origin", "")
    if request.method == "POST" and origin not in {"", "null", request.host_url.rstrip("/")}:
        abort(403)
    return None


@bp.get("/pay/<session_id>")
def pay(session_id: str) -> ResponseReturnValue:
    """Show what is to be paid and how it may go."""
    with store().lock:
        session, happened = till.fresh(store(), session_of(session_id))
        publish(store(), happened, "once", now=time.time())
    if session["status"] != "open":
        return render_template("closed.html", session=session), 410
    return render_template(
        "pay.html", session=session, amount=amount_of(session), problem=_problem(session), manners=MANNERS
    )


@bp.post("/pay/<session_id>")
def try_card(session_id: str) -> ResponseReturnValue:
    """Let the payment go the way the person chose."""
    outcome, manner = request.form.get("outcome", ""), _manner()
    with store().lock:
        session, _ = till.fresh(store(), session_of(session_id))
        if session["status"] != "open":
            return redirect(f"/pay/{session_id}", 303)
        if outcome in {"succeed", "vanish"}:
            publish(store(), till.pay(store(), session), manner, now=time.time())
            address = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session_id)
            return redirect(address if outcome == "succeed" else f"/gone/{session_id}", 303)
        if outcome in till.PROBLEMS:
            publish(store(), till.decline(store(), session, outcome), manner, now=time.time())
        elif outcome == "bank":
            publish(store(), till.ask_bank(store(), session), manner, now=time.time())
            return redirect(f"/bank/{session_id}?news={manner}", 303)
    return redirect(f"/pay/{session_id}", 303)


@bp.get("/bank/<session_id>")
def bank(session_id: str) -> ResponseReturnValue:
    """Ask in the bank's name whether it is really the person (3-D Secure)."""
    session = session_of(session_id)
    if session["status"] != "open":
        return redirect(f"/pay/{session_id}", 303)
    return render_template(
        "bank.html", session=session, amount=amount_of(session), manner=request.args.get("news", "once")
    )


@bp.get("/gone/<session_id>")
def gone(session_id: str) -> ResponseReturnValue:
    """Stand in for a browser that was closed after paying."""
    return render_template("gone.html", session=session_of(session_id))


@bp.get("/")
def payments() -> ResponseReturnValue:
    """Show the provider's side: every payment, and refunds made from here."""
    rows = [(intent, amount_of(intent, "amount"), _given_back(intent)) for intent in store().latest("payment_intent")]
    return render_template(
        "payments.html", rows=rows, disputes=disputes(), payouts=payouts(), transfers=transfers(), held=held()
    )


@bp.post("/payments/<intent_id>/refund")
def refund(intent_id: str) -> ResponseReturnValue:
    """Refund from the provider's side, without the practice having asked."""
    with store().lock:
        intent = store().find("payment_intent", intent_id) or abort(404)
        left = intent["amount_received"] - _given_back(intent).cents
        amount = left if request.form.get("part") == "all" else max(1, left // 2)
        try:
            _, happened = till.give_back(store(), intent, amount, {})
        except till.RefusedError:
            return redirect("/", 303)
        publish(store(), happened, "once", now=time.time())
    return redirect("/", 303)


def session_of(session_id: str) -> Document:
    """Return a page, or answer that there is none."""
    return store().find("checkout.session", session_id) or abort(404)


def _manner() -> Manner:
    sent = request.form.get("news", "once")
    return next((manner for manner in get_args(Manner) if manner == sent), "once")


def amount_of(document: Document, field: str = "amount_total") -> Money:
    """Return an amount of a document."""
    return Money(document[field], document["currency"].upper())


def _given_back(intent: Document) -> Money:
    made = store().children("refund", intent["id"])
    return Money(sum(refund["amount"] for refund in made), intent["currency"].upper())


def _problem(session: Document) -> str:
    intent = store().find("payment_intent", session["payment_intent"] or "")
    error = (intent or {}).get("last_payment_error") or {}
    return PROBLEM_WORDS.get(error.get("decline_code") or error.get("code") or "", "")
