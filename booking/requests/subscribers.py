"""What becomes of a request that was approved and never paid: both are told that its time is free again."""

from __future__ import annotations

from booking import events
from booking.events import Ending, Released
from booking.requests import notices


def subscribe() -> None:
    """Listen to booking itself."""
    events.released.subscribe(_tell_unpaid)


def _tell_unpaid(happened: Released) -> None:
    if happened.ending is Ending.LAPSED and happened.appointment.approved_at is not None:
        notices.tell_unpaid(happened.appointment, happened.now)
