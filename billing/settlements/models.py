"""What the card company says it moved, and what it sends to the bank."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Payment
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.core.money import Money

LINE_KINDS: Final = (
    "charge",
    "refund",
    "refund_failed",
    "dispute",
    "dispute_won",
    "fee",
    "payout",
    "payout_failed",
    "transfer",
    "transfer_back",
    "other",
)
PENDING, IN_TRANSIT, PAID, FAILED = "pending", "in_transit", "paid", "failed"
PAYOUT_STAGES: Final = (PENDING, IN_TRANSIT, PAID, FAILED)


class ProviderLine(Model):
    """One line of the card company's statement, as it was read."""

    __tablename__ = "provider_lines"
    __table_args__ = (
        CheckConstraint(f"kind IN {LINE_KINDS}", name="kind_known"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        Index("ix_provider_lines_created", "created_at"),
        Index("ix_provider_lines_source", "source"),
        Index("ix_provider_lines_payment", "payment_id"),
        Index("ix_provider_lines_payout", "payout_id"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    amount_cents: Mapped[int]
    fee_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(80))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    payout_id: Mapped[str | None] = mapped_column(String(80))
    """The payout that carried it to the bank, once the card company says so."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)

    payment: Mapped[Payment | None] = relationship()

    @property
    def amount(self) -> Money:
        """What moved, before the fee."""
        return Money(self.amount_cents, self.currency)

    @property
    def fee(self) -> Money:
        """What the card company kept of it."""
        return Money(self.fee_cents, self.currency)

    @property
    def net(self) -> Money:
        """What the balance there changed by."""
        return self.amount - self.fee


class Payout(Model):
    """Money that the card company sends to the bank; less than nothing is drawn from it."""

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint(f"stage IN {PAYOUT_STAGES}", name="stage_known"),
        CheckConstraint("amount_cents <> 0", name="amount_not_zero"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        Index("ix_payouts_created", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    stage: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    arrives_on: Mapped[date]
    problem: Mapped[str] = mapped_column(String(80), default="")
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    itemised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the card company said which lines it is made of."""

    @property
    def amount(self) -> Money:
        """What goes to the bank."""
        return Money(self.amount_cents, self.currency)
