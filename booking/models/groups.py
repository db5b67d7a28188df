"""Sessions that more than two people share, and the invitations to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking import policy
from booking.models.locations import Location
from booking.models.recurring import Recurring, recurrence_checks
from booking.models.services import Service
from booking.models.timed import Timed
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

if TYPE_CHECKING:
    from booking.models.appointments import Appointment

SCHEDULED = "scheduled"
STATUSES = (policy.HELD, SCHEDULED, policy.CANCELLED, policy.EXPIRED)
STANDING = (policy.HELD, SCHEDULED)
"""The statuses that take the counselor's time."""


class GroupSeries(Recurring, Model):
    """The rule that a group's sessions were planned by. Each of them stays a session of its own."""

    __tablename__ = "group_series"
    __table_args__ = recurrence_checks()

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def words(self) -> str:
        """Read `Every week on Tuesday at 16:00`."""
        said = super().words
        return said[:1].upper() + said[1:]


class GroupSession(Timed, Model):
    """An hour a counselor keeps for several people. Everybody's seat is an appointment that lies exactly here."""

    __tablename__ = "group_sessions"
    __table_args__ = (
        CheckConstraint("kind IN ('family', 'group')", name="kind_known"),
        CheckConstraint(f"mode IN {policy.MODES}", name="mode_known"),
        CheckConstraint(f"status IN {STATUSES}", name="status_known"),
        CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name="held_until_when"),
        CheckConstraint(
            "blocked_from <= starts_at AND starts_at < ends_at AND ends_at <= blocked_until", name="times_in_order"
        ),
        CheckConstraint("capacity BETWEEN 2 AND 11", name="capacity_bounds"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        Index("ix_group_sessions_counselor_blocked", "counselor_id", "blocked_until", "blocked_from"),
        Index("ix_group_sessions_series", "series_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    booker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who booked for the family; nobody for a group."""
    series_id: Mapped[int | None] = mapped_column(ForeignKey("group_series.id"))
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(80))
    mode: Mapped[str] = mapped_column(String(12), default=policy.VIDEO)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"))
    capacity: Mapped[int]
    listed: Mapped[bool] = mapped_column(default=False)
    """Whether anybody may join from the counselor's page."""
    price_cents: Mapped[int]
    """For each person in a group, for everybody together in a family."""
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(12), default=SCHEDULED)
    held_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    booker: Mapped[Person | None] = relationship(foreign_keys=booker_id)
    service: Mapped[Service] = relationship()
    location: Mapped[Location | None] = relationship()
    series: Mapped[GroupSeries | None] = relationship()
    seats: Mapped[list[Appointment]] = relationship(order_by="Appointment.id", back_populates="group_session")
    invitations: Mapped[list[GroupInvitation]] = relationship(
        order_by="GroupInvitation.id", back_populates="group_session"
    )

    @property
    def price(self) -> Money:
        """What a place costs, or the whole hour for a family."""
        return Money(self.price_cents, self.currency)

    @property
    def is_family(self) -> bool:
        """Tell whether these people know each other and came together."""
        return self.kind == policy.FAMILY


class GroupInvitation(Model):
    """A person asked along by name. The link in the letter leads to the answer; only its hash is kept."""

    __tablename__ = "group_invitations"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("declined_at IS NULL OR appointment_id IS NULL", name="one_answer"),
        Index("ix_group_invitations_session", "group_session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_session_id: Mapped[int] = mapped_column(ForeignKey("group_sessions.id"))
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254))
    price_cents: Mapped[int]
    """This person's share."""
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    secret_hash: Mapped[str] = mapped_column(String(64))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    """The seat of the person who said yes."""
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    group_session: Mapped[GroupSession] = relationship(back_populates="invitations")
    invited_by: Mapped[Person] = relationship(foreign_keys=invited_by_id)
    payer: Mapped[Person | None] = relationship(foreign_keys=payer_id)
    appointment: Mapped[Appointment | None] = relationship()

    @property
    def price(self) -> Money:
        """What this person's place costs."""
        return Money(self.price_cents, self.group_session.currency)
