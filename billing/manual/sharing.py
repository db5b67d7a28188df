"""How an amount is shared among invoices. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from practice.core.money import Money


def oldest_first(amount: Money, dues: Iterable[tuple[int, Money]]) -> dict[int, Money]:
    """Pay invoices, given oldest first with what is due of each, until the amount is used up."""
    shares: dict[int, Money] = {}
    left = amount
    for invoice_id, due in dues:
        if not left:
            break
        shares[invoice_id] = min(left, due)
        left -= shares[invoice_id]
    return shares


def rest(amount: Money, shares: dict[int, Money]) -> Money:
    """Return what no invoice asks for."""
    return amount - Money(sum(share.cents for share in shares.values()), amount.currency)
