"""What booking does by the clock."""

from __future__ import annotations

from datetime import datetime

from booking.holds import expire_overdue
from practice.core.scheduler import every


@every(30, "booking.expire_holds")
def expire_holds(now: datetime) -> None:
    """Free the times whose hold ran out."""
    expire_overdue(now)
