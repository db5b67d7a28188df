"""Claims made of superbills, the files written of them, and what became of each. Only a claim's state ever changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.claims.states import MADE, STATES
from billing.claims.terms import CORRECTS, FIRST, FREQUENCIES, Heading, Terms
from billing.papers.models import Superbill
from practice.core.columns import SealedJSON, SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

NOT_WITHDRAWN = text("state <> 'withdrawn'")
STANDING_FIRST = text("state <> 'withdrawn' AND frequency = '1'")


class Claim(Model):
    """A superbill as the practice sends it to an insurer. A mistake is corrected or voided by another claim."""

    __tablename__ = "claims"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(f"frequency IN {FREQUENCIES}", name="frequency_known"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint("(frequency = '1') = (follows_id IS NULL)", name="follows_another"),
        CheckConstraint("total_cents >= 0", name="total_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        Index("ix_claims_client", "client_id", "number"),
        Index("ix_claims_state", "state", "number"),
        Index(
            "uq_claims_follows", "follows_id", unique=True, sqlite_where=NOT_WITHDRAWN, postgresql_where=NOT_WITHDRAWN
        ),
        Index(
            "uq_claims_first",
            "superbill_id",
            unique=True,
            sqlite_where=STANDING_FIRST,
            postgresql_where=STANDING_FIRST,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    superbill_id: Mapped[int] = mapped_column(ForeignKey("superbills.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    frequency: Mapped[str] = mapped_column(String(1), default=FIRST)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    state: Mapped[str] = mapped_column(String(12), default=MADE)
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    said: Mapped[dict[str, Any]] = mapped_column(SealedJSON("claims.said"))
    """Its terms, as they were on the day."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    superbill: Mapped[Superbill] = relationship()
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    made_by: Mapped[Person] = relationship(foreign_keys=made_by_id)
    follows: Mapped[Claim | None] = relationship(remote_side="Claim.id")

    @property
    def label(self) -> str:
        """The number as people and insurers read it."""
        return f"CL-{self.number:05d}"

    @property
    def heading(self) -> Heading:
        """How it is named on paper and in files."""
        return Heading(self.label, self.frequency)

    @property
    def terms(self) -> Terms:
        """What it says besides its superbill."""
        return Terms.kept(self.said)

    @property
    def total(self) -> Money:
        """What it asks for."""
        return Money(self.total_cents, self.currency)

    @property
    def corrects(self) -> bool:
        """Tell whether it takes the place of the one it follows; else it voids that one."""
        return self.frequency == CORRECTS


class ClaimEvent(Model):
    """One thing that became of a claim, on a day somebody names."""

    __tablename__ = "claim_events"
    __table_args__ = (
        CheckConstraint(f"kind IN {STATES}", name="kind_known"),
        CheckConstraint("paid_cents IS NULL OR (kind = 'paid' AND paid_cents >= 0)", name="paid_not_negative"),
        Index("ix_claim_events_claim", "claim_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"))
    kind: Mapped[str] = mapped_column(String(12))
    happened_on: Mapped[date]
    paid_cents: Mapped[int | None]
    words: Mapped[str] = mapped_column(SealedText("claim_events.words"))
    """Why it was denied, or what else is worth knowing; may be empty."""
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    claim: Mapped[Claim] = relationship()
    noted_by: Mapped[Person] = relationship()


class ClaimFile(Model):
    """One 837P file as it was made, under a control number that no two interchanges share."""

    __tablename__ = "claim_files"
    __table_args__ = (
        UniqueConstraint("control_number"),
        CheckConstraint("control_number BETWEEN 1 AND 999999999", name="control_number_bounds"),
        Index("ix_claim_files_superbill", "superbill_id"),
        Index("ix_claim_files_claim", "claim_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    control_number: Mapped[int]
    superbill_id: Mapped[int] = mapped_column(ForeignKey("superbills.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    """Of files made when a superbill itself was the claim, nothing."""
    text: Mapped[str] = mapped_column(SealedText("claim_files.text"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    superbill: Mapped[Superbill] = relationship()
    claim: Mapped[Claim | None] = relationship()
