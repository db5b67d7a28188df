"""Payments that a bank asks back, and what the practice answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Payment
from practice.core.columns import SealedJSON, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

ASKED, REVIEWED, CLOSED, LOST, WON = "asked", "reviewed", "closed", "lost", "won"
STAGES: Final = (ASKED, REVIEWED, CLOSED, LOST, WON)
OPEN: Final = (ASKED, REVIEWED)
"""Disputes of which the end is not known yet."""


class Dispute(Model):
    """A dispute as far as it is known here."""

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("provider_id"),
        UniqueConstraint("answer_key"),
        CheckConstraint(f"stage IN {STAGES}", name="stage_known"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("returned_cents BETWEEN 0 AND withdrawn_cents", name="returned_within_withdrawn"),
        CheckConstraint("(answer IS NULL) = (answer_key IS NULL)", name="answer_has_key"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_whole"),
        CheckConstraint("accepted_at IS NULL OR answer IS NULL", name="answered_or_accepted"),
        CheckConstraint("sent_at IS NULL OR answer IS NOT NULL", name="sent_is_answered"),
        Index("ix_disputes_payment", "payment_id"),
        Index("ix_disputes_open", "stage", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(80))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    stage: Mapped[str] = mapped_column(String(12), default=ASKED)
    reason: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    heard_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_cents: Mapped[int] = mapped_column(default=0)
    returned_cents: Mapped[int] = mapped_column(default=0)
    answer: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("disputes.answer"))
    """What was said, word by word; once written it is what is sent."""
    answer_key: Mapped[str | None] = mapped_column(String(32))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the card company had the answer."""
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the practice chose to leave the money to its payer."""
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    problem: Mapped[str] = mapped_column(String(300), default="")

    payment: Mapped[Payment] = relationship()
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)
    accepted_by: Mapped[Person | None] = relationship(foreign_keys=accepted_by_id)

    @property
    def amount(self) -> Money:
        """What is asked back."""
        return Money(self.amount_cents, self.currency)

    @property
    def withdrawn(self) -> Money:
        """What the card company took for it."""
        return Money(self.withdrawn_cents, self.currency)

    @property
    def returned(self) -> Money:
        """What it gave again."""
        return Money(self.returned_cents, self.currency)

    @property
    def can_be_answered(self) -> bool:
        """Tell whether an answer may still be written."""
        return self.stage == ASKED and self.sent_at is None and self.accepted_at is None

    @property
    def can_be_accepted(self) -> bool:
        """Tell whether the money may still be left to its payer; a bank that only asks has taken none."""
        return self.can_be_answered and self.answer is None and self.withdrawn_cents > 0
