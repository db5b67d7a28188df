"""What a payment provider does with money it holds: payouts to the bank, disputes, transfers."""

from __future__ import annotations

import time
from typing import Any

from billing.testpay.statement import balance, move, statement
from billing.testpay.store import Document, Store
from billing.testpay.till import Happenings, RefusedError

DISPUTE_FEE_CENTS = 15_00
ANSWER_SECONDS = 9 * 86_400
TRAVEL_SECONDS = 2 * 86_400


def pay_out(store: Store) -> Happenings:
    """Send all there is to the bank, one payout a currency."""
    news: Happenings = []
    for currency, cents in balance(store).items():
        if cents <= 0:
            continue
        body: Document = {
            "amount": cents,
            "currency": currency,
            "status": "in_transit",
            "arrival_date": int(time.time()) + TRAVEL_SECONDS,
            "automatic": True,
            "failure_code": None,
            "method": "standard",
        }
        payout = store.add("payout", "po", body)
        for line in statement(store):
            if line["_payout"] is None and line["currency"] == currency:
                store.change(line, _payout=payout["id"])
        move(store, "payout", -cents, currency, payout, _payout=payout["id"])
        news.append(("payout.created", payout))
    return news


def settle_payout(store: Store, payout: Document, *, arrives: bool) -> Happenings:
    """Let a payout arrive at the bank, or come back."""
    if payout["status"] == "failed" or (arrives and payout["status"] == "paid"):
        return []
    if arrives:
        return [("payout.paid", store.change(payout, status="paid"))]
    store.change(payout, status="failed", failure_code="account_closed")
    move(store, "payout_failure", payout["amount"], payout["currency"], payout)
    return [("payout.failed", payout)]


def ask_back(store: Store, intent: Document, reason: str = "product_not_received") -> Happenings:
    """Let the payer's bank ask a payment back; the money is taken at once, with a fee."""
    if intent["status"] != "succeeded" or store.children("dispute", intent["id"]):
        return []
    body: Document = {
        "amount": intent["amount_received"],
        "currency": intent["currency"],
        "payment_intent": intent["id"],
        "charge": intent["latest_charge"],
        "reason": reason,
        "status": "needs_response",
        "evidence": {},
        "evidence_details": {"due_by": int(time.time()) + ANSWER_SECONDS, "submission_count": 0, "has_evidence": False},
        "balance_transactions": [],
        "is_charge_refundable": False,
    }
    dispute = store.add("dispute", "dp", body, parent=intent["id"])
    _take(store, dispute, -dispute["amount"], "dispute", DISPUTE_FEE_CENTS)
    return [("charge.dispute.created", dispute), ("charge.dispute.funds_withdrawn", dispute)]


def answer(store: Store, dispute: Document, evidence: dict[str, str]) -> Happenings:
    """Take the answer to a dispute, once."""
    details = dispute["evidence_details"]
    if details["submission_count"] or dispute["status"] != "needs_response":
        raise RefusedError("This dispute has already been submitted.", "dispute_already_submitted")
    details = {**details, "submission_count": 1, "has_evidence": True}
    store.change(dispute, evidence=evidence, evidence_details=details, status="under_review")
    return [("charge.dispute.updated", dispute)]


def accept(store: Store, dispute: Document) -> Happenings:
    """Leave the money to the payer: the dispute is lost at once."""
    if dispute["status"] != "needs_response":
        raise RefusedError("This dispute is already closed.", "dispute_already_closed")
    return decide(store, dispute, won=False)


def decide(store: Store, dispute: Document, *, won: bool) -> Happenings:
    """Let the bank decide a dispute for good."""
    if dispute["status"] in {"won", "lost"}:
        return []
    store.change(dispute, status="won" if won else "lost")
    if not won:
        return [("charge.dispute.closed", dispute)]
    _take(store, dispute, dispute["amount"], "dispute_reversal", 0)
    return [("charge.dispute.funds_reinstated", dispute), ("charge.dispute.closed", dispute)]


def transfer(store: Store, sent: dict[str, Any]) -> tuple[Document, Happenings]:
    """Send money on to a connected account, if there is enough."""
    if not str(sent.get("destination", "")).startswith("acct_"):
        raise RefusedError(f"No such destination: '{sent.get('destination')}'", "resource_missing")
    if balance(store).get(str(sent.get("currency", "")), 0) < int(sent["amount"]):
        raise RefusedError("You have insufficient available funds in your account.", "balance_insufficient")
    names = ("destination", "transfer_group", "description", "currency")
    body: Document = {
        **{name: sent.get(name) for name in names},
        "amount": int(sent["amount"]),
        "amount_reversed": 0,
        "reversals": {"object": "list", "data": [], "has_more": False},
        "metadata": sent.get("metadata", {}),
    }
    made = store.add("transfer", "tr", body, parent=sent.get("transfer_group", ""))
    move(store, "transfer", -made["amount"], made["currency"], made)
    return made, [("transfer.created", made)]


def take_back(store: Store, transfer: Document) -> Happenings:
    """Take back what of a transfer did not come back yet."""
    left = transfer["amount"] - transfer["amount_reversed"]
    if left <= 0:
        return []
    body: Document = {"amount": left, "currency": transfer["currency"], "transfer": transfer["id"], "metadata": {}}
    reversal = store.add("transfer_reversal", "trr", body, parent=transfer["id"])
    whole = {**transfer["reversals"], "data": [reversal, *transfer["reversals"]["data"]]}
    store.change(transfer, amount_reversed=transfer["amount"], reversed=True, reversals=whole)
    move(store, "transfer_refund", left, transfer["currency"], reversal)
    return [("transfer.reversed", transfer)]


def _take(store: Store, dispute: Document, amount: int, category: str, fee: int) -> None:
    about = {"id": dispute["id"], "object": "dispute", "payment_intent": dispute["payment_intent"]}
    line = move(store, "adjustment", amount, dispute["currency"], about, fee=fee, reporting_category=category)
    shown = {name: value for name, value in line.items() if not name.startswith("_")}
    store.change(dispute, balance_transactions=[*dispute["balance_transactions"], shown])
