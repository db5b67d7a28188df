"""The picture of a report: one column of it as bars, with what it shows in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from billing.reports.tables import Table, currency_of
from practice.core.money import Money

MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Bars:
    """What the bars stand for, and the finding. Months stand side by side, what has a name lies below each other."""

    data: list[tuple[str, int, Money, str]]
    caption: str
    is_upright: bool


def of(table: Table, label: str, *, by_month: bool) -> Bars | None:
    """Draw a column of amounts in the currency of the first row; what is empty or too much is not drawn."""
    at = next(place for place, column in enumerate(table.columns) if column.label == label)
    code = currency_of(table.rows[0]) if table.rows else ""
    found = [(str(row[0].value), row[at].value) for row in table.rows if currency_of(row) == code]
    bars = [(name, amount) for name, amount in found if isinstance(amount, Money)]
    if not 2 <= len(bars) <= MOST_BARS or not any(amount.cents > 0 for _, amount in bars):
        return None
    best, most = max(bars, key=lambda bar: bar[1].cents)
    data = [(name[:3] if by_month else name, amount.cents, amount, "") for name, amount in bars]
    return Bars(data, f"{label}: most for {best}, {most}.", by_month)
