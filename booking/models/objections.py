"""What a client says against a fee that was charged, once, and what they were answered."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.fees import FeeProposal
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person

KEPT, LET_GO = "kept", "let_go"
OUTCOMES: Final = (KEPT, LET_GO)


class FeeObjection(Model):
    """An objection in the client's own words."""

    __tablename__ = "fee_objections"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome_known"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answered_with_outcome"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered_in_words"),
        Index("ix_fee_objections_open", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("fee_proposals.id"))
    words: Mapped[str] = mapped_column(SealedText("fee_objections.words"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(8))
    answer: Mapped[str | None] = mapped_column(SealedText("fee_objections.answer"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    proposal: Mapped[FeeProposal] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=made_by_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)
