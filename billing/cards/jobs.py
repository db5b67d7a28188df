"""What the scheduler does about cards."""

from __future__ import annotations

from datetime import datetime

from billing.cards import services
from practice.core.ports import ports
from practice.core.scheduler import every

MINUTE = 60


@every(MINUTE, "billing.cards.undecided")
def check_open(now: datetime) -> None:
    """Ask about pages for saving a card that nobody came back from."""
    services.check_open(ports().payments, now=now)
