"""Fees proposed by rule, and what a person made of each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from booking.terms import KINDS
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

PROPOSED, BARRED, CHARGED, WAIVED, WITHDRAWN = "proposed", "barred", "charged", "waived", "withdrawn"
STATUSES = (PROPOSED, BARRED, CHARGED, WAIVED, WITHDRAWN)
"""Barred: the technology failed, so nobody may charge it. Withdrawn: what it was for did not happen after all."""


CORRECTABLE = timedelta(days=1)
"""So long a slip can be put right before money moves by itself."""


class FeeProposal(Model):
    """A fee that the rule asks for: charged when somebody says so, or by itself where the client agreed to that."""

    __tablename__ = "fee_proposals"
    __table_args__ = (
        UniqueConstraint("appointment_id"),
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        CheckConstraint(f"status IN {STATUSES}", name="status_known"),
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("status NOT IN ('charged', 'waived') OR decided_at IS NOT NULL", name="decided_when"),
        CheckConstraint("status <> 'waived' OR reason IS NOT NULL", name="waived_why"),
        CheckConstraint("status <> 'charged' OR fault IS NULL", name="never_after_a_fault"),
        Index("ix_fee_proposals_status", "status", "proposed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    kind: Mapped[str] = mapped_column(String(12))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(10), default=PROPOSED)
    fault: Mapped[str | None] = mapped_column(String(200))
    """How the technology failed, as the session log tells it."""
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(SealedText("fee_proposals.reason"))

    appointment: Mapped[Appointment] = relationship()
    decided_by: Mapped[Person | None] = relationship()

    @property
    def charged_at(self) -> datetime | None:
        """When it is charged by itself, if the client accepted that; nothing is as long as somebody decides."""
        accepted = self.appointment.accepted_policy
        open_ = self.status == PROPOSED and accepted is not None and accepted.automatic
        return self.proposed_at + CORRECTABLE if open_ else None

    @property
    def amount(self) -> Money:
        """What the rule asks for."""
        return Money(self.amount_cents, self.currency)
