"""What the waitlist hears of: times that come free, and offers that become sessions."""

from booking import events
from booking.waitlist import answering


def subscribe() -> None:
    """Listen."""
    events.cancelled.subscribe(answering.note_freed)
    events.moved.subscribe(answering.note_freed)
    events.released.subscribe(answering.note_released)
    events.confirmed.subscribe(answering.note_booked)
