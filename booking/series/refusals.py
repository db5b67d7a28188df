"""Why a series is not booked or changed. Pure; the text is meant for the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from booking.refusals import BookingRefusedError


class SeriesChangedError(BookingRefusedError):
    """Some dates are no longer as they were shown; nothing was saved."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = tuple(days)
        names = ", ".join(f"{day.day} {day:%B}" for day in days)
        super().__init__(
            f"Something changed while you looked: {names}. Nothing has been saved yet. Look at the dates once more."
        )


class TooFewDatesError(BookingRefusedError):
    """A series of one is no series."""

    def __init__(self, words: str = "Choose at least two dates. For a single one, book a single session.") -> None:
        super().__init__(words)
