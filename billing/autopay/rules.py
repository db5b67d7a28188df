"""When a card is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

AGAIN_AFTER: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=5))
"""The pauses between tries of a card that is declined; after the last one the client is asked to pay."""
MOST_ATTEMPTS: Final = len(AGAIN_AFTER) + 1
LOOK_AGAIN = timedelta(minutes=10)
"""When an attempt is looked at whose process may have ended in the middle."""
BANK_WAITS = timedelta(hours=22)
"""How long a charge waits for the client to answer their bank."""

AGREEMENT: Final = (
    "What I owe for sessions is charged to my saved card by itself. I am told the amount the evening before, "
    "and I can stop this at any time."
)


def again_at(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many declined attempts; None when it is enough."""
    return now + AGAIN_AFTER[attempts - 1] if attempts < MOST_ATTEMPTS else None
