"""What booking does by the clock."""

from __future__ import annotations

from datetime import datetime

from booking.holds import expire_overdue
from booking.holidaying import lay_down
from booking.requests.services import lapse
from practice.core.scheduler import every


@every(30, "booking.expire_holds")
def expire_holds(now: datetime) -> None:
    """Free the times whose hold ran out."""
    expire_overdue(now)


@every(60, "booking.lapse_requests")
def lapse_requests(now: datetime) -> None:
    """End the requests that nobody answered in time."""
    lapse(now)


@every(3600, "booking.lay_down_holidays")
def lay_down_holidays(now: datetime) -> None:
    """Add the holidays of years that came near."""
    lay_down(now)
