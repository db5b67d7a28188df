"""What the scheduler does about credit."""

from __future__ import annotations

from datetime import datetime

from billing.credit import expiring
from practice.core.scheduler import every


@every(3_600, "billing.credit_expiry")
def expire_credit(now: datetime) -> None:
    """Let credit go whose last day has passed."""
    expiring.expire(now)
