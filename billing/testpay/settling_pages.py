"""Buttons on the provider's side: pay out, let a payout arrive or come back, open and decide disputes."""

from __future__ import annotations

import time

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from billing.testpay import settling
from billing.testpay.api import store
from billing.testpay.news import publish
from billing.testpay.pages import bp
from billing.testpay.store import Document
from billing.testpay.till import Happenings


@bp.post("/payouts")
def pay_out() -> ResponseReturnValue:
    """Send what lies there to the bank."""
    with store().lock:
        return _told(settling.pay_out(store()))


@bp.post("/payouts/<payout_id>")
def settle_payout(payout_id: str) -> ResponseReturnValue:
    """Let a payout arrive, or come back."""
    with store().lock:
        arrives = request.form.get("outcome") != "returned"
        return _told(settling.settle_payout(store(), _found("payout", payout_id), arrives=arrives))


@bp.post("/payments/<intent_id>/dispute")
def ask_back(intent_id: str) -> ResponseReturnValue:
    """Let the payer's bank ask a payment back."""
    with store().lock:
        return _told(settling.ask_back(store(), _found("payment_intent", intent_id)))


@bp.post("/disputes/<dispute_id>")
def decide(dispute_id: str) -> ResponseReturnValue:
    """Let the bank decide a dispute."""
    with store().lock:
        won = request.form.get("outcome") == "won"
        return _told(settling.decide(store(), _found("dispute", dispute_id), won=won))


@bp.post("/transfers/<transfer_id>")
def take_back(transfer_id: str) -> ResponseReturnValue:
    """Take a share back from the account it was sent to."""
    with store().lock:
        return _told(settling.take_back(store(), _found("transfer", transfer_id)))


def _found(kind: str, document_id: str) -> Document:
    return store().find(kind, document_id) or abort(404)


def _told(happened: Happenings) -> ResponseReturnValue:
    publish(store(), happened, "once", now=time.time())
    return redirect("/", 303)
