"""What a payment provider writes down of every movement of the balance it keeps for the practice."""

from __future__ import annotations

from typing import Any

from billing.testpay.store import Document, Store

FEE_PERCENT, FEE_CENTS = 2.9, 30
LEDGER = "statement"
"""The parent of every line of the one balance there is."""


def fee_on(amount: int) -> int:
    """Return what is kept of a payment by card."""
    return round(amount * FEE_PERCENT / 100) + FEE_CENTS


def move(store: Store, kind: str, amount: int, currency: str, source: Document | None, **more: Any) -> Document:
    """Write a line of the statement."""
    fee = more.pop("fee", 0)
    body: Document = {
        "type": kind,
        "reporting_category": kind,
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "currency": currency,
        "source": source["id"] if source else None,
        "status": "available",
        "_source": source,
        "_payout": None,
        **more,
    }
    return store.add("balance_transaction", "txn", body, parent=LEDGER)


def statement(store: Store, *, since: int = 0, payout: str = "") -> list[Document]:
    """Return the lines, the latest first."""
    lines = store.children("balance_transaction", LEDGER)
    return [line for line in lines if line["created"] >= since and (not payout or line["_payout"] == payout)]


def balance(store: Store) -> dict[str, int]:
    """Add the statement up by currency."""
    total: dict[str, int] = {}
    for line in statement(store):
        total[line["currency"]] = total.get(line["currency"], 0) + line["net"]
    return total
