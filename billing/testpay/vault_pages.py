"""The pages about saved cards at the test provider: saving one, and the bank's question about a charge."""

from __future__ import annotations

import time

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from billing.testpay import till, vault
from billing.testpay.api import store
from billing.testpay.news import publish
from billing.testpay.pages import amount_of, bp, session_of
from billing.testpay.store import Document


@bp.get("/save/<session_id>")
def save(session_id: str) -> ResponseReturnValue:
    """Show which card may be saved."""
    session = session_of(session_id)
    if session["status"] != "open":
        return render_template("closed.html", session=session), 410
    return render_template("save.html", session=session, cards=vault.CARDS)


@bp.post("/save/<session_id>")
def save_card(session_id: str) -> ResponseReturnValue:
    """Save the chosen card."""
    manner = request.form.get("card", "works")
    with store().lock:
        session, _ = till.fresh(store(), session_of(session_id))
        if session["status"] != "open" or manner not in vault.CARDS:
            return redirect(f"/save/{session_id}", 303)
        publish(store(), vault.save(store(), session, manner), "once", now=time.time())
    return redirect(session["success_url"], 303)


@bp.get("/confirm/<intent_id>")
def confirm(intent_id: str) -> ResponseReturnValue:
    """Ask in the bank's name whether a charge is really the person's."""
    intent = _asked(intent_id)
    return render_template("confirm.html", intent=intent, amount=amount_of(intent, "amount"))


@bp.post("/confirm/<intent_id>")
def answer(intent_id: str) -> ResponseReturnValue:
    """Take the person's answer and lead them back."""
    with store().lock:
        intent = _asked(intent_id)
        back = intent["next_action"]["redirect_to_url"]["return_url"]
        agreed = request.form.get("answer") == "yes"
        happened = (
            till.take(store(), intent) if agreed else vault.refuse(store(), intent, till.PROBLEMS["refused_by_bank"])
        )
        publish(store(), happened, "once", now=time.time())
    return redirect(back, 303)


def _asked(intent_id: str) -> Document:
    intent = store().find("payment_intent", intent_id)
    if intent is None or intent["status"] != "requires_action" or not intent.get("next_action"):
        abort(404)
    return intent
