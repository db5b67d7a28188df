"""What a shared session is to be, as trusted values. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """A group session as its counselor wants it."""

    title: str
    starts_at: datetime
    capacity: int
    listed: bool
    mode: str
    location_id: int | None = None


@dataclass(frozen=True, slots=True)
class WeekHour:
    """The weekday, and the minute of it, that many sessions have on the wall that keeps their hour."""

    weekday: int
    minute: int


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who is asked along."""

    name: str
    email: str
    pays_own: bool = False
    """Whether they pay their own share; otherwise whoever booked pays for them."""
