"""What is kept of how a session is paid when a client chooses a time. Runs inside booking's transaction."""

from __future__ import annotations

from billing.terms import services
from booking import events
from booking.events import Held


def subscribe() -> None:
    """Listen to booking."""
    events.held.subscribe(agree)


def agree(happened: Held) -> None:
    """Keep what the service asks for now."""
    services.agree(happened.appointment, now=happened.now)
