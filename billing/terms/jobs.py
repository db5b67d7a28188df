"""What the scheduler does about what was not paid at booking."""

from __future__ import annotations

from datetime import datetime

from billing.terms import letters
from practice.core.scheduler import every

HOUR = 3_600


@every(HOUR, "billing.rest")
def ask_for_the_rest(now: datetime) -> None:
    """Ask for what is due and that no card is charged for."""
    letters.ask_for_the_rest(now)
