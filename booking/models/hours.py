"""When counselors work, and on which terms they may be booked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.columns import UTCDateTime
from practice.core.db import Model


class WeeklyHours(Model):
    """One stretch of the usual week: minutes after midnight on the counselor's own clock."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        UniqueConstraint("counselor_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("opens >= 0 AND opens < closes AND closes <= 1440", name="opens_before_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class DateOverride(Model):
    """One day that differs from the usual week: other hours, or closed where there are none."""

    __tablename__ = "date_overrides"
    __table_args__ = (
        UniqueConstraint("counselor_id", "falls_on", "opens"),
        CheckConstraint(
            "(opens IS NULL AND closes IS NULL) OR (opens >= 0 AND opens < closes AND closes <= 1440)",
            name="opens_before_closes",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    falls_on: Mapped[date]
    opens: Mapped[int | None]
    closes: Mapped[int | None]


class TimeOff(Model):
    """A stretch in which a counselor takes no appointments."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_ends"),
        Index("ix_time_off_counselor", "counselor_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    label: Mapped[str] = mapped_column(String(80), default="")


class BookingRules(Model):
    """How far ahead, how late and on which grid a counselor may be booked."""

    __tablename__ = "booking_rules"
    __table_args__ = (
        CheckConstraint("notice_minutes BETWEEN 0 AND 43200", name="notice_bounds"),
        CheckConstraint("horizon_days BETWEEN 1 AND 365", name="horizon_bounds"),
        CheckConstraint("step_minutes BETWEEN 5 AND 240", name="step_bounds"),
    )

    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    notice_minutes: Mapped[int] = mapped_column(default=24 * 60)
    horizon_days: Mapped[int] = mapped_column(default=60)
    step_minutes: Mapped[int] = mapped_column(default=15)
    restarts: Mapped[bool] = mapped_column(default=False)
