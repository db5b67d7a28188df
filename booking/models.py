"""What counselors offer, and the appointments made of it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking import policy
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.core.spans import Span
from practice.models import Person


class Service(Model):
    """Something a counselor offers, with its length and price."""

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes_bounds"),
        CheckConstraint("buffer_before BETWEEN 0 AND 240", name="buffer_before_bounds"),
        CheckConstraint("buffer_after BETWEEN 0 AND 240", name="buffer_after_bounds"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        Index("ix_services_counselor", "counselor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int]
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    buffer_before: Mapped[int] = mapped_column(default=0)
    buffer_after: Mapped[int] = mapped_column(default=0)
    cpt_code: Mapped[str] = mapped_column(String(5), default="")
    active: Mapped[bool] = mapped_column(default=True)

    counselor: Mapped[Person] = relationship()

    @property
    def price(self) -> Money:
        """What it costs."""
        return Money(self.price_cents, self.currency)


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


class Appointment(Model):
    """An hour that two people keep for each other. Its id and uid outlive every move."""

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("uid"),
        CheckConstraint(f"status IN {policy.STATUSES}", name="status_known"),
        CheckConstraint(
            "blocked_from <= starts_at AND starts_at < ends_at AND ends_at <= blocked_until", name="times_in_order"
        ),
        CheckConstraint("counselor_id <> client_id", name="two_people"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("sequence >= 0", name="sequence_not_negative"),
        CheckConstraint("cancellation_notice_hours >= 0", name="notice_not_negative"),
        CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name="held_until_when"),
        CheckConstraint(
            "status NOT IN ('confirmed', 'completed', 'no_show') OR confirmed_at IS NOT NULL", name="confirmed_when"
        ),
        CheckConstraint("status <> 'cancelled' OR cancelled_at IS NOT NULL", name="cancelled_when"),
        Index(
            "ix_appointments_counselor_blocked", "counselor_id", "blocked_until", "blocked_from", "status", "held_until"
        ),
        Index("ix_appointments_client_ends", "client_id", "ends_at"),
        Index("ix_appointments_held", "status", "held_until"),
        Index("ix_appointments_starts", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_from: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_until: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(12))
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    price_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    sequence: Mapped[int] = mapped_column(default=0)
    cancellation_notice_hours: Mapped[int]
    """The notice the client agreed to when booking."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the counselor marked who came."""
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cancelled_late: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[str | None] = mapped_column(SealedText("appointments.cancel_reason"))

    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    service: Mapped[Service] = relationship()
    cancelled_by: Mapped[Person | None] = relationship(foreign_keys=cancelled_by_id)

    @property
    def span(self) -> Span:
        """The hour itself."""
        return Span(self.starts_at, self.ends_at)

    @property
    def blocked(self) -> Span:
        """The hour with the counselor's buffers."""
        return Span(self.blocked_from, self.blocked_until)

    @property
    def price(self) -> Money:
        """What it cost when it was booked."""
        return Money(self.price_cents, self.currency)

    @property
    def standing(self) -> policy.Standing:
        """What the policy looks at."""
        return policy.Standing(self.status, self.span, self.cancellation_notice_hours)

    @property
    def attended(self) -> bool | None:
        """Tell whether the client came, once the counselor has said so."""
        return {policy.COMPLETED: True, policy.NO_SHOW: False}.get(self.status)

    def side_of(self, person: Person) -> policy.Side | None:
        """Return the side a person acts for, or None for a stranger."""
        if person.id == self.client_id:
            return policy.Side.CLIENT
        if person.id == self.counselor_id:
            return policy.Side.COUNSELOR
        return policy.Side.PRACTICE if person.is_administrator else None

    def other_than(self, person: Person) -> Person:
        """Return whom this person meets."""
        return self.counselor if person.id == self.client_id else self.client
