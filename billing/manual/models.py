"""Payments taken by hand. What was written down never changes; it may be undone, once; see the migrations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

CASH, CHEQUE, TRANSFER = "cash", "cheque", "transfer"
WAYS: Final = {CASH: "Cash", CHEQUE: "Cheque", TRANSFER: "Bank transfer"}
"""How money comes and goes without the card company."""
UNDOING: Final = {
    "mistake": "It was written down by mistake",
    "bounced": "The bank did not honour it",
    "twice": "It was written down twice",
    "other": "Another reason",
}


class ManualPayment(Model):
    """Money a client handed over or had their bank send; the entries of its posting say what it paid."""

    __tablename__ = "manual_payments"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("form_key"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint(f"way IN {tuple(WAYS)}", name="way_known"),
        CheckConstraint(f"undone_reason IN {tuple(UNDOING)}", name="reason_known"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL) AND (undone_at IS NULL) = (undone_reason IS NULL)",
            name="undone_whole",
        ),
        Index("ix_manual_payments_client", "client_id", "received_on"),
        Index("ix_manual_payments_received", "received_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=lambda: uuid4().hex)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    way: Mapped[str] = mapped_column(String(10))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    received_on: Mapped[date]
    """The day it was handed over, or stood on the bank's statement."""
    reference: Mapped[str | None] = mapped_column(SealedText("manual_payments.reference"))
    """The number of the cheque, or what the bank's statement says."""
    note: Mapped[str | None] = mapped_column(SealedText("manual_payments.note"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_key: Mapped[str] = mapped_column(String(40))
    """Which form wrote it down, so that a form sent twice does so once."""
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    undone_reason: Mapped[str | None] = mapped_column(String(20))

    client: Mapped[Person] = relationship(foreign_keys=client_id)
    entered_by: Mapped[Person] = relationship(foreign_keys=entered_by_id)
    undone_by: Mapped[Person | None] = relationship(foreign_keys=undone_by_id)

    @property
    def amount(self) -> Money:
        """What came."""
        return Money(self.amount_cents, self.currency)

    @property
    def number(self) -> str:
        """The number on its receipt; a letter tells it from those of card payments."""
        return f"H{self.id:05d}"

    @property
    def way_words(self) -> str:
        """How it came."""
        return WAYS[self.way]
