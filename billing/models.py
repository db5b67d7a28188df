"""Invoices, payments, refunds and the ledger. The database keeps what must never break; see the migrations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.adjustment_models import Adjustment
from billing.ledger.models import LedgerBalanced, LedgerEntry, LedgerTransaction
from billing.payment_models import Payment, Refund
from booking.models.appointments import Appointment
from practice.core.columns import SealedJSON, SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

__all__ = [
    "Adjustment",
    "Invoice",
    "InvoiceLine",
    "InvoiceSeries",
    "LedgerBalanced",
    "LedgerEntry",
    "LedgerTransaction",
    "Payment",
    "Refund",
    "WebhookEvent",
]


def _uid() -> str:
    return uuid4().hex


class InvoiceSeries(Model):
    """The next number to give; the row is the lock that keeps the numbers without gaps."""

    __tablename__ = "invoice_series"
    __table_args__ = (CheckConstraint("next_number > 0", name="next_number_positive"),)

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    next_number: Mapped[int]


class Invoice(Model):
    """What a client is asked to pay for. Once issued it never changes."""

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("uid"),
        UniqueConstraint("appointment_id"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("total_cents > 0", name="total_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        Index("ix_invoices_client", "client_id", "issued_at"),
        Index("ix_invoices_issued", "issued_at"),
        Index("ix_invoices_addition", "addition_to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    addition_to_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    """The session it bills something more for; the session itself stands on an invoice of its own."""
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    parties: Mapped[dict[str, Any]] = mapped_column(SealedJSON("invoices.parties"))
    """Who billed whom, as it was on the day: names and addresses."""

    appointment: Mapped[Appointment | None] = relationship(foreign_keys=appointment_id)
    addition_to: Mapped[Appointment | None] = relationship(foreign_keys=addition_to_id)
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    lines: Mapped[list[InvoiceLine]] = relationship(back_populates="invoice", order_by="InvoiceLine.position")
    payments: Mapped[list[Payment]] = relationship(
        back_populates="invoice", foreign_keys="Payment.invoice_id", order_by="Payment.id"
    )

    @property
    def total(self) -> Money:
        """What was asked for."""
        return Money(self.total_cents, self.currency)

    @property
    def session(self) -> Appointment | None:
        """The session it is for, or adds something to; none where it is about neither."""
        return self.appointment or self.addition_to

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"INV-{self.number:05d}"


class InvoiceLine(Model):
    """One thing on an invoice."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("amount_cents = quantity * unit_cents", name="amount_adds_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    position: Mapped[int]
    description: Mapped[str] = mapped_column(SealedText("invoice_lines.description"))
    quantity: Mapped[int]
    unit_cents: Mapped[int]
    amount_cents: Mapped[int]

    invoice: Mapped[Invoice] = relationship(back_populates="lines")

    @property
    def unit(self) -> Money:
        """What one of it costs."""
        return Money(self.unit_cents, self.invoice.currency)

    @property
    def amount(self) -> Money:
        """What it comes to."""
        return Money(self.amount_cents, self.invoice.currency)


class WebhookEvent(Model):
    """News from the provider: which, when, and whether it was applied. What it was about is asked for afresh."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'applied', 'ignored')", name="state_known"),
        Index("ix_webhook_events_waiting", "state", "due_at"),
        Index("ix_webhook_events_payment", "payment_id", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(100))
    intent_id: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(300), default="")
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
