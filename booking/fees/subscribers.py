"""Proposes fees when a client cancels late or does not come."""

from booking import events
from booking.fees import services
from booking.terms import LATE_CANCEL, MISSED


def subscribe() -> None:
    """Listen to what happens to appointments."""
    events.cancelled.subscribe(_cancelled)
    events.completed.subscribe(_completed)


def _cancelled(happened: events.Cancelled) -> None:
    if happened.late:
        services.propose(happened.appointment, LATE_CANCEL, happened.now)


def _completed(happened: events.Completed) -> None:
    if happened.attended:
        services.take_back(happened.appointment)
    else:
        services.propose(happened.appointment, MISSED, happened.now)
