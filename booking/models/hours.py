"""When counselors work, and on which terms they may be booked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.locations import Location
from booking.models.services import Service
from booking.policy import MODES
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


class HoursPlan(Model):
    """Another week: between two days, every so many weeks, for some sessions, beside or instead of the usual one."""

    __tablename__ = "hours_plans"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="starts_before_ends"),
        CheckConstraint("every_weeks BETWEEN 1 AND 12", name="every_weeks_bounds"),
        CheckConstraint("every_weeks = 1 OR anchor_on IS NOT NULL", name="anchored"),
        CheckConstraint(f"mode IN {MODES}", name="mode_known"),
        Index("ix_hours_plans_counselor", "counselor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    every_weeks: Mapped[int] = mapped_column(default=1)
    anchor_on: Mapped[date | None]
    """A day of a week in which the plan is in force."""
    replaces: Mapped[bool] = mapped_column(default=False)
    """Whether it stands instead of the usual week."""
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    mode: Mapped[str | None] = mapped_column(String(12))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))

    service: Mapped[Service | None] = relationship()
    location: Mapped[Location | None] = relationship()
    hours: Mapped[list[PlanHours]] = relationship(
        cascade="all, delete-orphan", order_by="(PlanHours.weekday, PlanHours.opens)"
    )


class PlanHours(Model):
    """One stretch of another week: minutes after midnight on the counselor's own clock."""

    __tablename__ = "plan_hours"
    __table_args__ = (
        UniqueConstraint("plan_id", "weekday", "opens"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint("opens >= 0 AND opens < closes AND closes <= 1440", name="opens_before_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("hours_plans.id"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class DateOverride(Model):
    """One day that differs from the usual week: other hours, or closed where there are none."""

    __tablename__ = "date_overrides"
    __table_args__ = (
        CheckConstraint(f"mode IN {MODES}", name="mode_known"),
        Index("ix_date_overrides_counselor", "counselor_id", "falls_on"),
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
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    mode: Mapped[str | None] = mapped_column(String(12))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))

    service: Mapped[Service | None] = relationship()
    location: Mapped[Location | None] = relationship()


class Holiday(Model):
    """One public holiday of a counselor's calendar; the day is closed while it is kept."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("counselor_id", "falls_on", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    falls_on: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))
    kept: Mapped[bool] = mapped_column(default=True)


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
        CheckConstraint("most_per_day BETWEEN 1 AND 24", name="most_per_day_bounds"),
        CheckConstraint("most_per_week BETWEEN 1 AND 120", name="most_per_week_bounds"),
        CheckConstraint("long_break_after BETWEEN 1 AND 12", name="long_break_after_bounds"),
        CheckConstraint("long_break_minutes BETWEEN 5 AND 240", name="long_break_minutes_bounds"),
    )

    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    notice_minutes: Mapped[int] = mapped_column(default=24 * 60)
    horizon_days: Mapped[int] = mapped_column(default=60)
    step_minutes: Mapped[int] = mapped_column(default=15)
    restarts: Mapped[bool] = mapped_column(default=False)
    most_per_day: Mapped[int | None]
    most_per_week: Mapped[int | None]
    long_break_after: Mapped[int | None]
    """After so many sessions in a row comes the longer break."""
    long_break_minutes: Mapped[int | None]
    holiday_country: Mapped[str | None] = mapped_column(String(2))
    holiday_subdivision: Mapped[str | None] = mapped_column(String(10))
