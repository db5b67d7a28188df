"""The terms of a booking: what the practice asks for now, and what each client accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking import terms
from practice.core.columns import UTCDateTime
from practice.core.db import Model

_VALUES = "late_value >= 0 AND missed_value >= 0"
_PERCENT = "(late_basis <> 'percent' OR late_value <= 100) AND (missed_basis <> 'percent' OR missed_value <= 100)"


class FeeRules(Model):
    """What the practice asks for late cancellations and missed sessions; one row."""

    __tablename__ = "fee_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint(f"late_basis IN {terms.BASES} AND missed_basis IN {terms.BASES}", name="basis_known"),
        CheckConstraint(_VALUES, name="values_not_negative"),
        CheckConstraint(_PERCENT, name="percent_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    late_basis: Mapped[str] = mapped_column(String(8))
    late_value: Mapped[int]
    missed_basis: Mapped[str] = mapped_column(String(8))
    missed_value: Mapped[int]
    automatic: Mapped[bool] = mapped_column(default=False)
    """Whether fees are charged by themselves after a day, unless somebody waives them."""

    @property
    def terms(self) -> tuple[terms.Fee, terms.Fee]:
        """Return the fee for cancelling late and the fee for a missed session."""
        return terms.Fee(self.late_basis, self.late_value), terms.Fee(self.missed_basis, self.missed_value)


class BookingPolicy(Model):
    """One wording of the terms, kept for as long as anybody booked under it."""

    __tablename__ = "booking_policies"
    __table_args__ = (
        UniqueConstraint("text_hash"),
        CheckConstraint(f"late_basis IN {terms.BASES} AND missed_basis IN {terms.BASES}", name="basis_known"),
        CheckConstraint(_VALUES, name="values_not_negative"),
        CheckConstraint(_PERCENT, name="percent_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the words, so that nobody can say later that they read otherwise."""
    words: Mapped[str] = mapped_column(Text)
    late_basis: Mapped[str] = mapped_column(String(8))
    late_value: Mapped[int]
    missed_basis: Mapped[str] = mapped_column(String(8))
    missed_value: Mapped[int]
    automatic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def terms(self) -> tuple[terms.Fee, terms.Fee]:
        """Return the fee for cancelling late and the fee for a missed session."""
        return terms.Fee(self.late_basis, self.late_value), terms.Fee(self.missed_basis, self.missed_value)
