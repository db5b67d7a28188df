"""Closed months, and what the books came to when they were closed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

REASONS: Final = {
    "correction": "A booking must be put right in its own month",
    "late_news": "News of the card company came late",
    "accountant": "The accountant asks for it",
    "mistake": "It was closed by mistake",
}
STANDS = text("reopened_at IS NULL")


class ClosedMonth(Model):
    """A month into which nothing is booked any more, until somebody opens it again."""

    __tablename__ = "closed_months"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(f"reason IN {tuple(REASONS)}", name="reason_known"),
        CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by_id IS NULL) AND (reopened_at IS NULL) = (reason IS NULL)",
            name="reopened_for_a_reason",
        ),
        Index("uq_closed_months_standing", "month", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(SealedText("closed_months.note"))

    closed_by: Mapped[Person] = relationship(foreign_keys=closed_by_id)
    reopened_by: Mapped[Person | None] = relationship(foreign_keys=reopened_by_id)
    balances: Mapped[list[ClosedBalance]] = relationship(order_by="ClosedBalance.id")


class ClosedBalance(Model):
    """What one account came to at the end of a closed month, everything before it included."""

    __tablename__ = "closed_balances"
    __table_args__ = (UniqueConstraint("month_id", "account", "currency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month_id: Mapped[int] = mapped_column(ForeignKey("closed_months.id"))
    account: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    cents: Mapped[int]

    @property
    def amount(self) -> Money:
        """With the ledger's own sign."""
        return Money(self.cents, self.currency)
