"""Where a list goes on, and how its values read in a download."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from practice.core.money import Money


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list, as the pager shows them; `pages` is 0 when nobody counted."""

    number: int
    pages: int
    previous_href: str | None
    next_href: str | None


def local_minute(instant: datetime, zone: str) -> str:
    """Write an instant as a spreadsheet reads it, on the clock of a zone."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def amount_in_cells(amount: Money) -> Decimal:
    """Write an amount as a spreadsheet reads it."""
    return Decimal(amount.plain)
