"""The moves of appointments and of shared sessions, each undoable for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.core.spans import Span
from practice.models import Person


class Move(Model):
    """One move of an appointment, or of a session with everybody in it, from one span to another."""

    __tablename__ = "moves"
    __table_args__ = (
        CheckConstraint("from_starts_at < from_ends_at AND to_starts_at < to_ends_at", name="times_in_order"),
        CheckConstraint("(appointment_id IS NULL) <> (group_session_id IS NULL)", name="of_one_thing"),
        Index("ix_moves_appointment", "appointment_id", "undo_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    group_session_id: Mapped[int | None] = mapped_column(ForeignKey("group_sessions.id"))
    from_starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    from_ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    to_starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    to_ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """What both people last heard of: earlier moves may not have been told yet."""
    told_ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undo_until: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    appointment: Mapped[Appointment | None] = relationship()
    group_session: Mapped[GroupSession | None] = relationship()
    by: Mapped[Person] = relationship()

    @property
    def before(self) -> Span:
        """Where the appointment was."""
        return Span(self.from_starts_at, self.from_ends_at)

    @property
    def told(self) -> Span:
        """What both people know of."""
        return Span(self.told_starts_at, self.told_ends_at)

    @property
    def after(self) -> Span:
        """Where it went."""
        return Span(self.to_starts_at, self.to_ends_at)
