"""What one feature tells those above it. A subscriber runs inside the sender's transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Payload = TypeVar("Payload")


class Event(Generic[Payload]):
    """Something that happened, with who wants to know of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._subscribers: list[Callable[[Payload], None]] = []

    def subscribe(self, subscriber: Callable[[Payload], None]) -> Callable[[Payload], None]:
        """Call the subscriber whenever this happens; subscribing twice counts once."""
        if subscriber not in self._subscribers:
            self._subscribers.append(subscriber)
        return subscriber

    def send(self, payload: Payload) -> None:
        """Tell every subscriber, in the order they subscribed."""
        for subscriber in self._subscribers:
            subscriber(payload)
