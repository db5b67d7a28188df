"""What the match found, night after night."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.matching.kinds import KINDS
from billing.models import Invoice, Payment
from booking.models.appointments import Appointment
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person


class MatchRun(Model):
    """One run of the match, with what both sides came to."""

    __tablename__ = "match_runs"
    __table_args__ = (Index("ix_match_runs_ran", "ran_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(UTCDateTime)
    totals: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """By currency: what the card company says lies there, what the books say, and how much of it is explained."""
    checked: Mapped[int]
    """How many lines, payments, refunds and appointments were looked at."""
    found: Mapped[int]
    problem: Mapped[str] = mapped_column(String(200), default="")


class Difference(Model):
    """One difference, from when it was first seen until it was gone."""

    __tablename__ = "match_differences"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", name="kind_known"),
        CheckConstraint("(explained_at IS NULL) = (explained_by_id IS NULL)", name="explained_by_somebody"),
        Index("ix_match_differences_open", "gone_at", "explained_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(24))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    line_id: Mapped[str | None] = mapped_column(String(80))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    first_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    explained_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    explained_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str | None] = mapped_column(SealedText("match_differences.note"))

    payment: Mapped[Payment | None] = relationship()
    invoice: Mapped[Invoice | None] = relationship()
    appointment: Mapped[Appointment | None] = relationship()
    explained_by: Mapped[Person | None] = relationship()

    @property
    def amount(self) -> Money:
        """How much the two sides differ by."""
        return Money(self.amount_cents, self.currency)
