"""The appointments themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking import policy
from booking.models.groups import GroupSession
from booking.models.locations import Location
from booking.models.policies import BookingPolicy
from booking.models.series import AppointmentSeries
from booking.models.services import Service
from booking.models.timed import Timed
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person


class Appointment(Timed, Model):
    """An hour that two people keep for each other. Its id and uid outlive every move."""

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("uid"),
        CheckConstraint(f"status IN {policy.STATUSES}", name="status_known"),
        CheckConstraint(f"mode IN {policy.MODES}", name="mode_known"),
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
        CheckConstraint("status <> 'requested' OR answer_by IS NOT NULL", name="answer_by_when"),
        CheckConstraint("(policy_id IS NULL) = (accepted_at IS NULL)", name="accepted_when"),
        Index(
            "ix_appointments_counselor_blocked",
            "counselor_id",
            "blocked_until",
            "blocked_from",
            "status",
            "held_until",
            "group_session_id",
        ),
        Index("ix_appointments_client_ends", "client_id", "ends_at"),
        Index("ix_appointments_held", "status", "held_until"),
        Index("ix_appointments_starts", "starts_at"),
        Index("ix_appointments_series", "series_id"),
        Index("ix_appointments_group_session", "group_session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    mode: Mapped[str] = mapped_column(String(12), default=policy.VIDEO)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_series.id"))
    group_session_id: Mapped[int | None] = mapped_column(ForeignKey("group_sessions.id"))
    """The session this is a seat in, when it is shared."""
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who pays, when it is not the client."""
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
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("booking_policies.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the client accepted the terms; where somebody else booked for them, they were not asked."""
    answer_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a request lapses; a value tells that it was booked on request."""
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept_by: Mapped[str | None] = mapped_column(String(36))
    """The visit of the page that keeps the hold; what an earlier visit says no longer counts."""
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cancelled_late: Mapped[bool] = mapped_column(default=False)
    cancel_reason: Mapped[str | None] = mapped_column(SealedText("appointments.cancel_reason"))

    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    service: Mapped[Service] = relationship()
    location: Mapped[Location | None] = relationship()
    accepted_policy: Mapped[BookingPolicy | None] = relationship()
    series: Mapped[AppointmentSeries | None] = relationship()
    cancelled_by: Mapped[Person | None] = relationship(foreign_keys=cancelled_by_id)
    group_session: Mapped[GroupSession | None] = relationship(back_populates="seats")
    payer: Mapped[Person | None] = relationship(foreign_keys=payer_id)

    @property
    def price(self) -> Money:
        """What it cost when it was booked."""
        return Money(self.price_cents, self.currency)

    @property
    def standing(self) -> policy.Standing:
        """What the policy looks at."""
        shared = self.group_session_id is not None
        return policy.Standing(self.status, self.span, self.cancellation_notice_hours, shared)

    @property
    def billed(self) -> Person:
        """Who pays for it."""
        return self.payer or self.client

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
