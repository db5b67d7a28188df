"""What a counselor asks for additions, as trusted values. Pure."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from billing.coding.rules import ADD_ONS
from practice.core.forms import Errors, Reader
from practice.core.money import Money

MOST_CENTS = 500_00


def fees(data: MultiDict[str, str], *, currency: str) -> dict[str, Money] | Errors:
    """Read a fee for each add-on code; an empty one costs nothing."""
    reader = Reader(data)
    nothing = Money.zero(currency)
    found = {
        code: reader.money(f"fee_{code}", currency, most=MOST_CENTS) if data.get(f"fee_{code}") else nothing
        for code in ADD_ONS
    }
    return reader.errors or found
