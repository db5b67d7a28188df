"""Stripe's statement lines, payouts, disputes and transfers, read into our own words. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from billing.stripe.reading import id_of, metadata
from practice.core.money import Money
from practice.core.settlements import (
    DisputeStage,
    DisputeState,
    LineKind,
    PayoutStage,
    PayoutState,
    Reversal,
    StatementLine,
    TransferState,
)

_LINES: dict[str, LineKind] = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failed",
    "payment_failure_refund": "refund_failed",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "payout": "payout",
    "payout_failure": "payout_failed",
    "payout_cancel": "payout_failed",
    "transfer": "transfer",
    "transfer_cancel": "transfer_back",
    "transfer_failure": "transfer_back",
    "transfer_refund": "transfer_back",
}
_ADJUSTMENTS: dict[str, LineKind] = {"dispute": "dispute", "dispute_reversal": "dispute_won", "fee": "fee"}
"""What an `adjustment` is for, by its reporting category."""
_PAYOUTS: dict[str, PayoutStage] = {
    "in_transit": "in_transit",
    "paid": "paid",
    "failed": "failed",
    "canceled": "failed",
}
_DISPUTES: dict[str, DisputeStage] = {
    "needs_response": "asked",
    "warning_needs_response": "asked",
    "under_review": "reviewed",
    "warning_under_review": "reviewed",
    "warning_closed": "closed",
    "prevented": "closed",
    "won": "won",
    "lost": "lost",
}


def line(values: dict[str, Any]) -> StatementLine:
    """Read a balance transaction."""
    currency, source = values["currency"].upper(), values.get("source")
    kind = _LINES.get(values["type"]) or _ADJUSTMENTS.get(values.get("reporting_category") or "", "other")
    return StatementLine(
        id=values["id"],
        kind=kind,
        amount=Money(values["amount"], currency),
        fee=Money(values.get("fee") or 0, currency),
        created_at=_instant(values["created"]),
        source=id_of(source),
        payment_id=id_of(source.get("payment_intent")) if isinstance(source, dict) else "",
        transfer_id=_transfer_of(kind, source),
    )


def _transfer_of(kind: LineKind, source: Any) -> str:
    """Name the transfer of a line; one that came back stands on the statement by its reversal."""
    if kind == "transfer":
        return id_of(source)
    back = kind == "transfer_back" and isinstance(source, dict)
    return id_of(source.get("transfer") or (source["id"] if source.get("object") == "transfer" else "")) if back else ""


def balance(values: dict[str, Any]) -> list[Money]:
    """Read a balance: what is available and what is not yet."""
    total: Counter[str] = Counter()
    for part in (*values.get("available", ()), *values.get("pending", ())):
        total[part["currency"].upper()] += part["amount"]
    return [Money(cents, currency) for currency, cents in sorted(total.items())]


def payout(values: dict[str, Any]) -> PayoutState:
    """Read a payout."""
    return PayoutState(
        id=values["id"],
        amount=Money(values["amount"], values["currency"].upper()),
        stage=_PAYOUTS.get(values["status"], "pending"),
        created_at=_instant(values["created"]),
        arrives_on=_instant(values["arrival_date"]).date(),
        problem=values.get("failure_code") or "",
    )


def dispute(values: dict[str, Any]) -> DisputeState:
    """Read a dispute; what it took and gave again stands in its own balance transactions."""
    currency = values["currency"].upper()
    moved = [part["amount"] for part in values.get("balance_transactions") or ()]
    details = values.get("evidence_details") or {}
    due = details.get("due_by")
    return DisputeState(
        id=values["id"],
        payment_id=id_of(values.get("payment_intent")),
        amount=Money(values["amount"], currency),
        stage=_DISPUTES.get(values["status"], "asked"),
        reason=values.get("reason") or "general",
        created_at=_instant(values["created"]),
        due_at=_instant(due) if due else None,
        withdrawn=Money(-sum(cents for cents in moved if cents < 0), currency),
        returned=Money(sum(cents for cents in moved if cents > 0), currency),
        answered=bool(details.get("submission_count")),
    )


def transfer(values: dict[str, Any]) -> TransferState:
    """Read a transfer."""
    currency = values["currency"].upper()
    return TransferState(
        id=values["id"],
        key=metadata(values).get("share", ""),
        account_id=id_of(values.get("destination")),
        amount=Money(values["amount"], currency),
        reversals=tuple(
            Reversal(each["id"], Money(each["amount"], currency))
            for each in (values.get("reversals") or {}).get("data") or ()
        ),
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
