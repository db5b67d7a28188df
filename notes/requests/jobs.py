"""What requests do by the clock: those that are to answer hear of it in time."""

from datetime import datetime

from notes.requests import notices
from practice.core.scheduler import every


@every(3600, "requests.remind")
def remind(now: datetime) -> None:
    """Plan the letters about clocks that end."""
    notices.remind(now=now)
