"""Stretches of time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


class NaiveInstantError(ValueError):
    """An instant came without its offset from UTC."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, `starts_at` included and `ends_at` not."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.utcoffset() is None or self.ends_at.utcoffset() is None:
            raise NaiveInstantError("A span needs aware instants.")
        if self.ends_at <= self.starts_at:
            raise ValueError("A span ends after it starts.")

    @classmethod
    def lasting(cls, starts_at: datetime, minutes: int) -> Span:
        """Start at an instant and last so many minutes."""
        return cls(starts_at, starts_at + timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        """Length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share an instant; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def contains(self, instant: datetime) -> bool:
        """Tell whether the instant lies inside."""
        return self.starts_at <= instant < self.ends_at

    def widened(self, *, before: int, after: int) -> Span:
        """Add minutes on both sides, as a buffer does."""
        return Span(self.starts_at - timedelta(minutes=before), self.ends_at + timedelta(minutes=after))
