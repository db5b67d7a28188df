"""Guests of one session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

PARTS = {"interpreter": "interpreter", "partner": "partner", "supervisor": "supervisor", "guest": "guest"}


class Guest(Model):
    """One invitation: the link opens once, for the browser that then holds `seat_hash`'s secret."""

    __tablename__ = "room_guests"
    __table_args__ = (
        UniqueConstraint("link_hash"),
        CheckConstraint(f"part IN {tuple(PARTS)}", name="part_known"),
        CheckConstraint("(used_at IS NULL) = (seat_hash IS NULL)", name="used_whole"),
        Index("ix_room_guests_appointment", "appointment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    name: Mapped[str] = mapped_column(String(80))
    part: Mapped[str] = mapped_column(String(12))
    link_hash: Mapped[str] = mapped_column(String(64))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seat_hash: Mapped[str | None] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    appointment: Mapped[Appointment] = relationship()
    invited_by: Mapped[Person] = relationship()

    @property
    def key(self) -> str:
        """What the room calls them."""
        return f"g{self.id}"

    @property
    def shown_name(self) -> str:
        """How the others read them: never without their part."""
        return f"{self.name} ({PARTS[self.part]})"
