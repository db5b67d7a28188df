"""Tell the test payment page of the demo's statement, payouts and disputes, so that it goes on from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing.shares.models import SharePayment
from billing.testpay.statement import LEDGER
from billing.testpay.store import Document, Store
from practice.core.settlements import DisputeState, PayoutState, StatementLine

Sent = Sequence[tuple[PayoutState, list[StatementLine]]]
_TYPES = {"dispute": "adjustment", "dispute_won": "adjustment"}
_CATEGORIES = {"dispute_won": "dispute_reversal"}
_STATUSES = {"asked": "needs_response", "won": "won", "lost": "lost"}


def tell_test_page(store: Store, lines: Sequence[StatementLine], sent: Sent, asked: Sequence[DisputeState]) -> None:
    """Write what the test payment page would have written itself; what it knows already stays."""
    carried = {line.id: state.id for state, own in sent for line in own}
    whole = [*lines, *(own[-1] for _, own in sent)]
    for line in sorted(whole, key=lambda each: each.created_at):
        if store.find("balance_transaction", line.id) is None:
            store.add("balance_transaction", "txn", _line(line, carried.get(line.id)), parent=LEDGER)
    for state, _ in sent:
        if store.find("payout", state.id) is None:
            store.add("payout", "po", _payout(state))
    for dispute in asked:
        if store.find("dispute", dispute.id) is None:
            moved = [_line(line, None) for line in lines if line.source == dispute.id]
            store.add("dispute", "dp", _dispute(dispute, moved), parent=dispute.payment_id)


def tell_of_shares(store: Store, shares: Sequence[SharePayment]) -> None:
    """Write the transfers of shares, so that they can be looked up and taken back there."""
    for share in shares:
        if store.find("transfer", share.transfer_id or "") is None:
            store.add("transfer", "tr", _transfer(share), parent=share.uid)


def _transfer(share: SharePayment) -> Document:
    return {
        "id": share.transfer_id,
        "created": _seconds(share.made_at),
        "amount": share.amount_cents,
        "currency": share.currency.lower(),
        "destination": share.account_id,
        "transfer_group": share.uid,
        "amount_reversed": 0,
        "reversals": {"object": "list", "data": [], "has_more": False},
        "metadata": {"share": share.uid},
    }


def _line(line: StatementLine, payout_id: str | None) -> Document:
    source: Document | None = {"id": line.source, "payment_intent": line.payment_id} if line.source else None
    return {
        "id": line.id,
        "created": _seconds(line.created_at),
        "type": _TYPES.get(line.kind, line.kind),
        "reporting_category": _CATEGORIES.get(line.kind, line.kind),
        "amount": line.amount.cents,
        "fee": line.fee.cents,
        "net": line.net.cents,
        "currency": line.amount.currency.lower(),
        "source": line.source or None,
        "status": "available",
        "_source": source,
        "_payout": payout_id,
    }


def _payout(state: PayoutState) -> Document:
    return {
        "id": state.id,
        "created": _seconds(state.created_at),
        "amount": state.amount.cents,
        "currency": state.amount.currency.lower(),
        "status": state.stage,
        "arrival_date": _seconds(state.created_at) + 2 * 86_400,
        "automatic": True,
        "failure_code": None,
        "method": "standard",
    }


def _dispute(state: DisputeState, moved: list[Document]) -> Document:
    return {
        "id": state.id,
        "created": _seconds(state.created_at),
        "amount": state.amount.cents,
        "currency": state.amount.currency.lower(),
        "payment_intent": state.payment_id,
        "charge": None,
        "reason": state.reason,
        "status": _STATUSES[state.stage],
        "evidence": {},
        "evidence_details": {
            "due_by": _seconds(state.due_at) if state.due_at else None,
            "submission_count": int(state.answered),
            "has_evidence": state.answered,
        },
        "balance_transactions": [{key: value for key, value in line.items() if key[0] != "_"} for line in moved],
        "is_charge_refundable": False,
    }


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
