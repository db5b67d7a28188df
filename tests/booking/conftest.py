"""What several tests of booking lean on."""

from collections.abc import Iterator

import pytest

from booking import events


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """Everything booking told the features above it."""
    told: list[object] = []
    every = (events.held, events.confirmed, events.moved, events.cancelled, events.released, events.completed)
    for event in every:
        event.subscribe(told.append)
    yield told
    for event in every:
        event._subscribers.remove(told.append)
