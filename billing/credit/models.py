"""Clients' credit: lots, each with where it came from, and movements that only grow; see the migrations."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.manual.models import WAYS
from billing.models import Invoice
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

OVERPAID, PREPAID, REFUND, CANCELLED = "overpaid", "prepaid", "refund", "cancelled"
GIFT, PACKAGE, REST = "gift", "package", "rest"
SOURCES: Final = {
    OVERPAID: "Paid beyond your invoices",
    PREPAID: "Paid ahead",
    REFUND: "A refund you kept here",
    CANCELLED: "From a session that did not take place",
    GIFT: "Given by your practice",
    PACKAGE: "Sessions bought ahead",
    REST: "What was left of a package",
}
"""Where a lot came from, in words for the client."""


class CreditLot(Model):
    """Money of a client that came at once and is used up bit by bit; what is left is the sum of its movements."""

    __tablename__ = "credit_lots"
    __table_args__ = (
        UniqueConstraint("uid"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint(f"source IN {tuple(SOURCES)}", name="source_known"),
        Index("ix_credit_lots_client", "client_id"),
        Index("ix_credit_lots_expires", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=lambda: uuid4().hex)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    client: Mapped[Person] = relationship()
    moves: Mapped[list[CreditMove]] = relationship(back_populates="lot", order_by="CreditMove.id")


class CreditMove(Model):
    """One movement of a lot, in cents: above nothing it came in, below it was used."""

    __tablename__ = "credit_moves"
    __table_args__ = (
        UniqueConstraint("lot_id", "kind", "reference"),
        CheckConstraint("cents <> 0", name="cents_not_zero"),
        CheckConstraint(f"way IN {tuple(WAYS)}", name="way_known"),
        Index("ix_credit_moves_invoice", "invoice_id"),
        Index("ix_credit_moves_form", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("credit_lots.id"))
    cents: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(64), default=lambda: uuid4().hex)
    """With the kind, the posting that books it."""
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    way: Mapped[str | None] = mapped_column(String(10))
    """How it was paid out."""
    note: Mapped[str | None] = mapped_column(SealedText("credit_moves.note"))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_key: Mapped[str | None] = mapped_column(String(40))
    """Which form asked for it, so that a form sent twice asks once."""

    lot: Mapped[CreditLot] = relationship(back_populates="moves")
    invoice: Mapped[Invoice | None] = relationship()
    made_by: Mapped[Person | None] = relationship()

    @property
    def amount(self) -> Money:
        """How much, with its sign."""
        return Money(self.cents, self.lot.currency)
