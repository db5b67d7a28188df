"""What was taken off an invoice by hand. Once made it never changes; see the migrations."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.states import ADJUSTMENTS
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

if TYPE_CHECKING:
    from billing.models import Invoice


class Adjustment(Model):
    """Money that a client is no longer asked for: a credit, or a write-off of what will not come."""

    __tablename__ = "adjustments"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("form_key"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("kind IN ('credit', 'write_off')", name="kind_known"),
        CheckConstraint(f"reason IN {tuple(ADJUSTMENTS)}", name="reason_known"),
        Index("ix_adjustments_invoice", "invoice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=lambda: uuid4().hex)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    amount_cents: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(SealedText("adjustments.note"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_key: Mapped[str] = mapped_column(String(40))
    """Which form asked for it, so that a form sent twice asks once."""

    invoice: Mapped[Invoice] = relationship()
    made_by: Mapped[Person] = relationship()

    @property
    def amount(self) -> Money:
        """What was taken off."""
        return Money(self.amount_cents, self.invoice.currency)
