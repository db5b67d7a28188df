"""The time of day, as a port."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        ...

    def steady(self) -> float:
        """Return seconds that only ever go forward, however often the time of day is set."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Return seconds that only ever go forward, however often the time of day is set."""
        return time.monotonic()
