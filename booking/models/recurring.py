"""What repeats: the rule of a series of sessions, whether two share them or several."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.series.rules import FREQUENCIES, Pattern


def recurrence_checks() -> tuple[CheckConstraint, ...]:
    """Give what the database refuses of a rule; a table needs constraints of its own."""
    return (
        CheckConstraint(f"frequency IN {FREQUENCIES}", name="frequency_known"),
        CheckConstraint("every BETWEEN 1 AND 12", name="every_bounds"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_bounds"),
        CheckConstraint("(frequency = 'monthly') = (position IS NOT NULL)", name="position_when_monthly"),
        CheckConstraint("position IN (-1, 1, 2, 3, 4)", name="position_known"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute_bounds"),
    )


class Recurring:
    """A rule by which sessions come again; `minute` counts from midnight."""

    zone: Mapped[str] = mapped_column(String(60))
    """Whose wall keeps the hour: the counselor's zone when the rule was made."""
    frequency: Mapped[str] = mapped_column(String(8))
    every: Mapped[int]
    weekday: Mapped[int]
    position: Mapped[int | None]
    minute: Mapped[int]

    @property
    def pattern(self) -> Pattern:
        """How often it recurs."""
        return Pattern(self.frequency, self.weekday, self.every, self.position)

    @property
    def words(self) -> str:
        """Read `every week on Tuesday at 16:00`."""
        return f"{self.pattern.words} at {self.minute // 60:02d}:{self.minute % 60:02d}"
