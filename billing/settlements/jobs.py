"""What the scheduler does about money on its way."""

from __future__ import annotations

from datetime import datetime

from billing.settlements import services
from practice.core.ports import ports
from practice.core.scheduler import every


@every(900, "billing.statement")
def read_statement(now: datetime) -> None:
    """Read what is new on the card company's statement, and ask about payouts."""
    services.read(ports().payments, now=now)
    services.ask_about_payouts(ports().payments, now=now)
