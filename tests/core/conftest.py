"""Messages that tests plan and deliver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from practice.core import outbox
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage


@pytest.fixture
def wanted() -> Iterator[set[str]]:
    """Render test messages while their key is wanted."""
    keys = {"tea", "cake"}

    def render(message: OutboxMessage, now: object) -> Mail | None:
        return Mail("alice@example.org", message.payload["subject"], "Words.") if message.key in keys else None

    outbox.renders("test.kettle")(render)
    yield keys
    outbox._renderers.pop("test.kettle")
    outbox._renderers.pop("test.text", None)
