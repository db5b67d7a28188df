"""What the scheduler does about the match."""

from __future__ import annotations

from datetime import datetime

from billing.matching import services
from practice.core.ports import ports
from practice.core.scheduler import every


@every(86_400, "billing.three_way")
def match_nightly(now: datetime) -> None:
    """Compare card company, books and appointments."""
    services.run(ports().payments, now=now)
