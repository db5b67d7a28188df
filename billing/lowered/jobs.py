"""What the scheduler does about agreed prices."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from billing.lowered import services
from practice.core.scheduler import every
from practice.queries.people import NotFoundedError, the_practice


@every(6 * 3600, "billing.price_reviews")
def tell_of_reviews(now: datetime) -> None:
    """Tell clients whose price is to be looked at again."""
    try:
        zone = the_practice().zone
    except NotFoundedError:
        return
    services.tell_of_reviews(now.astimezone(ZoneInfo(zone)).date(), now)
