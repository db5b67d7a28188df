"""How shares join billing."""

from __future__ import annotations

from billing.shares import jobs, models, subscribers

TABLES = (models.ShareRule, models.ShareLine, models.SharePayment, models.ShareAccount)
PARTS = (jobs,)


def wire() -> None:
    """Listen to the books."""
    subscribers.subscribe()
