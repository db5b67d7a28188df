"""What a counselor asks for additions to a session."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from practice.core.db import Model
from practice.core.money import Money


class AdditionFee(Model):
    """The fee of one add-on code, for each unit of it. Without a row the code costs nothing more."""

    __tablename__ = "addition_fees"
    __table_args__ = (
        UniqueConstraint("counselor_id", "code"),
        CheckConstraint("unit_cents > 0", name="unit_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    code: Mapped[str] = mapped_column(String(5))
    unit_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))

    @property
    def unit(self) -> Money:
        """What one unit costs."""
        return Money(self.unit_cents, self.currency)
