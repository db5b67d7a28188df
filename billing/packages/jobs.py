"""What the scheduler does about packages."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from billing.credit import services as credit
from billing.packages import queries, services
from practice.core.scheduler import every

WAITS = timedelta(days=14)
"""So long a package that nobody pays is kept."""


@every(3_600, "billing.packages")
def end_expired(now: datetime) -> None:
    """Make credit of what is left of packages whose time is over; sessions booked on them are billed first."""
    for sold in queries.to_end(now):
        with suppress(services.CannotEndError):
            services.end(sold, by=None, now=now)


@every(24 * 3600, "billing.unpaid_packages")
def end_unpaid(now: datetime) -> None:
    """Ask no longer for packages that nobody paid and nobody uses."""
    for sold in queries.unpaid_since(now - WAITS):
        credit.lock(sold.client_id)
        found = queries.standing(sold)
        if found.due == found.left == sold.invoice.total:
            services.end(sold, by=None, now=now)
