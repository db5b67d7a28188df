"""When a room is open: a little before the session to a while after it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from practice.core.spans import Span


class Door(StrEnum):
    """Whether one can go in."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Window:
    """A session's time and the time its room is open."""

    opens_at: datetime
    starts_at: datetime
    ends_at: datetime
    closes_at: datetime

    def door(self, now: datetime) -> Door:
        """Tell whether the room is open."""
        if now < self.opens_at:
            return Door.EARLY
        return Door.OPEN if now < self.closes_at else Door.OVER


def window_of(session: Span, *, minutes_before: int, minutes_after: int) -> Window:
    """Lay the room's window around a session."""
    return Window(
        opens_at=session.starts_at - timedelta(minutes=minutes_before),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        closes_at=session.ends_at + timedelta(minutes=minutes_after),
    )
