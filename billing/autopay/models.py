"""Who agreed to be charged by themselves, and how far the collecting of each invoice has come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Invoice, Payment
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.models import Person

PLANNED, TOLD, TRYING, ASKED = "planned", "told", "trying", "asked"
DONE, GIVEN_UP, STOPPED = "done", "given_up", "stopped"
STATES = (PLANNED, TOLD, TRYING, ASKED, DONE, GIVEN_UP, STOPPED)
RUNNING = (PLANNED, TOLD, TRYING, ASKED)
STANDS = text("stopped_at IS NULL")


class Autopay(Model):
    """A client's agreement that what they owe is charged to their card by itself."""

    __tablename__ = "autopay_agreements"
    __table_args__ = (
        Index("uq_autopay_agreements_stands", "client_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(String(500))
    """What the client read when agreeing."""
    agreed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Collection(Model):
    """How far charging one invoice by itself has come."""

    __tablename__ = "collections"
    __table_args__ = (
        UniqueConstraint("invoice_id"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_collections_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    state: Mapped[str] = mapped_column(String(10), default=PLANNED)
    charge_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it is looked at next."""
    told_cents: Mapped[int] = mapped_column(default=0)
    """What the preview announced: never more than this is charged."""
    attempts: Mapped[int] = mapped_column(default=0)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    """The latest attempt."""

    invoice: Mapped[Invoice] = relationship()
    payment: Mapped[Payment | None] = relationship()

    @property
    def client(self) -> Person:
        """Whose card is charged."""
        return self.invoice.client
