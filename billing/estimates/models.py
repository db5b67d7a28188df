"""Estimates as they were given; only that a later one replaced it, and that somebody was warned, is noted on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

SCHEDULED, ASKED, CHANGED = "scheduled", "asked", "changed"
CAUSES = (SCHEDULED, ASKED, CHANGED)
"""Why an estimate was given: sessions were booked, the client asked, or what it says had changed."""


class Estimate(Model):
    """What care with one counselor is expected to cost within twelve months."""

    __tablename__ = "estimates"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(f"cause IN {CAUSES}", name="cause_known"),
        CheckConstraint("total_cents > 0", name="total_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("first_on < last_on", name="days_in_order"),
        Index("ix_estimates_client", "client_id", "counselor_id", "given_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    cause: Mapped[str] = mapped_column(String(12))
    first_on: Mapped[date]
    last_on: Mapped[date]
    """The first day it no longer speaks of: a year after the first."""
    begins_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """The same days as instants, on the client's clock of that day."""
    due_on: Mapped[date]
    """The last day on which the law allows to give it."""
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    said: Mapped[dict[str, Any]] = mapped_column(SealedJSON("estimates.said"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who gave it by hand; nobody when booking gave it."""
    replaced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    client: Mapped[Person] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    given_by: Mapped[Person | None] = relationship(foreign_keys=given_by_id)

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"GFE-{self.number:05d}"

    @property
    def total(self) -> Money:
        """What it comes to."""
        return Money(self.total_cents, self.currency)
