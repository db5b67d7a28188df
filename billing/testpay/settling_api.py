"""The calls about money on its way, answered from the store."""

from __future__ import annotations

import time

from flask import request
from flask.typing import ResponseReturnValue

from billing.testpay import settling, statement
from billing.testpay.api import bp, found, listed, once, public, sent_values, store
from billing.testpay.news import publish
from billing.testpay.store import Document


@bp.get("/balance_transactions")
def balance_transactions() -> ResponseReturnValue:
    """List the statement, with what moved each line when asked to expand it."""
    since = request.args.get("created[gte]", 0, type=int)
    lines = statement.statement(store(), since=since, payout=request.args.get("payout", ""))
    whole = "data.source" in request.args.getlist("expand[0]")
    return listed("/v1/balance_transactions", [_whole(line) if whole else line for line in lines])


@bp.get("/balance")
def balance() -> ResponseReturnValue:
    """Retrieve the balance."""
    amounts = [{"amount": cents, "currency": code} for code, cents in statement.balance(store()).items()]
    return {"object": "balance", "available": amounts, "pending": [], "livemode": False}


@bp.get("/payouts/<payout_id>")
def payout(payout_id: str) -> ResponseReturnValue:
    """Retrieve a payout."""
    return public(found("payout", payout_id))


@bp.get("/disputes/<dispute_id>")
def dispute(dispute_id: str) -> ResponseReturnValue:
    """Retrieve a dispute."""
    return public(found("dispute", dispute_id))


@bp.post("/disputes/<dispute_id>")
@once
def update_dispute(dispute_id: str) -> ResponseReturnValue:
    """Answer a dispute."""
    asked = found("dispute", dispute_id)
    publish(store(), settling.answer(store(), asked, sent_values().get("evidence", {})), "once", now=time.time())
    return public(asked)


@bp.post("/disputes/<dispute_id>/close")
@once
def close_dispute(dispute_id: str) -> ResponseReturnValue:
    """Accept a dispute."""
    asked = found("dispute", dispute_id)
    publish(store(), settling.accept(store(), asked), "once", now=time.time())
    return public(asked)


@bp.post("/transfers")
@once
def create_transfer() -> ResponseReturnValue:
    """Send money on to a connected account."""
    made, happened = settling.transfer(store(), sent_values())
    publish(store(), happened, "once", now=time.time())
    return public(made)


@bp.get("/transfers/<transfer_id>")
def transfer(transfer_id: str) -> ResponseReturnValue:
    """Retrieve a transfer."""
    return public(found("transfer", transfer_id))


@bp.get("/transfers")
def transfers() -> ResponseReturnValue:
    """List the transfers of a group."""
    return listed("/v1/transfers", store().children("transfer", request.args.get("transfer_group", "")))


def _whole(line: Document) -> Document:
    return {**line, "source": public(line["_source"])} if line["_source"] else line
