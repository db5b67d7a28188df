"""Superbills as they were issued. None ever changes; see the migrations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model
from practice.models import Person


class Superbill(Model):
    """What a client sends their insurer to be paid back: sessions with one counselor, coded and paid."""

    __tablename__ = "superbills"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        Index("ix_superbills_client", "client_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    said: Mapped[dict[str, Any]] = mapped_column(SealedJSON("superbills.said"))
    """All that stands on it, as it was on the day."""
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    client: Mapped[Person] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    issued_by: Mapped[Person] = relationship(foreign_keys=issued_by_id)

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"SB-{self.number:05d}"
