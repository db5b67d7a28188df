"""Rooms that live on another media server now, until the last of their people has gone over."""

import time
from collections.abc import Callable

GONE_WITHIN_S = 6.0


class Departures:
    """Which rooms are leaving. What people still see through this server goes on meanwhile."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def __contains__(self, uid: str) -> bool:
        """Tell whether a room is leaving."""
        return uid in self._until

    def begin(self, uid: str) -> bool:
        """Note that a room leaves; false when it does already."""
        is_news = uid not in self._until
        self._until.setdefault(uid, self._clock() + GONE_WITHIN_S)
        return is_news

    def end(self, uid: str) -> None:
        """Note that a room is gone, or stays after all."""
        self._until.pop(uid, None)

    def overdue(self) -> list[str]:
        """Name the rooms that had their time."""
        return [uid for uid, until in self._until.items() if self._clock() >= until]
