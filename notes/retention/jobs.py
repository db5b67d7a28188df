"""What the time of records does by the clock: whoever decides hears of it when a time is over."""

from datetime import datetime

from notes.retention import notices, queries, services
from practice.core.scheduler import every


@every(3600, "retention.tell")
def tell(now: datetime) -> None:
    """Plan the letters about records whose time is over, once for each record and day."""
    new = [each for each in queries.due(now=now) if not each.is_reviewed and services.told(each)]
    if new:
        notices.due((each.chart.counselor_id for each in new), now=now)
