"""What clients say before they go in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from practice.core.columns import SealedJSON, SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person
from video.arrivals.places import PRIVACY, Licensed, words

LICENSED = tuple(each.value for each in Licensed)


class Arrival(Model):
    """One answer of one client before one session; a later one replaces it, and all are kept.

    `said` holds what would tell where somebody lives and whom to call: country, region, address, phone, contact_name,
    contact_phone. A country left empty means that they would rather say it in the session.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        CheckConstraint(f"privacy IN {PRIVACY}", name="privacy_known"),
        CheckConstraint(f"licensed IN {LICENSED}", name="licensed_known"),
        CheckConstraint("(overridden_at IS NULL) = (overridden_by_id IS NULL)", name="override_whole"),
        CheckConstraint("(overridden_at IS NULL) = (override_reason IS NULL)", name="override_reasoned"),
        Index("ix_arrivals_appointment", "appointment_id", "told_at"),
        Index("ix_arrivals_person", "person_id", "told_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    said: Mapped[dict[str, Any]] = mapped_column(SealedJSON("arrivals.said"))
    privacy: Mapped[str] = mapped_column(String(12))
    licensed: Mapped[str] = mapped_column(String(12))
    overridden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    overridden_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    override_reason: Mapped[str | None] = mapped_column(SealedText("arrivals.override_reason"))

    appointment: Mapped[Appointment] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    overridden_by: Mapped[Person | None] = relationship(foreign_keys=[overridden_by_id])

    @property
    def place(self) -> str:
        """Where, without the address; nothing when it was not said."""
        return words(self.said["country"], self.said["region"]) if self.said["country"] else ""

    @property
    def needs_reason(self) -> bool:
        """Tell whether the counselor must say why they meet all the same."""
        return self.licensed in (Licensed.ELSEWHERE, Licensed.UNTOLD) and self.overridden_at is None
