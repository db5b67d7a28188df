"""Invoices, payments, refunds and the ledger. The database keeps what must never break; see the migrations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.adjustment_models import Adjustment
from billing.ledger.models import LedgerBalanced, LedgerEntry, LedgerTransaction
from billing.states import FATES, PAYMENT_STATUSES, REASONS, REFUND_STATUSES
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

ONE_UNPAID = text("status IN ('new', 'open')")


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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    parties: Mapped[dict[str, Any]] = mapped_column(SealedJSON("invoices.parties"))
    """Who billed whom, as it was on the day: names and addresses."""

    appointment: Mapped[Appointment | None] = relationship()
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    lines: Mapped[list[InvoiceLine]] = relationship(back_populates="invoice", order_by="InvoiceLine.position")
    payments: Mapped[list[Payment]] = relationship(back_populates="invoice", order_by="Payment.id")

    @property
    def total(self) -> Money:
        """What was asked for."""
        return Money(self.total_cents, self.currency)

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
    def amount(self) -> Money:
        """What it comes to."""
        return Money(self.amount_cents, self.invoice.currency)


class Payment(Model):
    """One attempt to pay for one appointment, from the open page to the money."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("checkout_id"),
        UniqueConstraint("intent_id"),
        CheckConstraint(f"status IN {PAYMENT_STATUSES}", name="status_known"),
        CheckConstraint(f"fate IN {FATES}", name="fate_known"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("received_cents >= 0", name="received_not_negative"),
        CheckConstraint("refunded_cents BETWEEN 0 AND received_cents", name="refunded_within_received"),
        CheckConstraint(
            "(status = 'succeeded') = (received_cents > 0 AND paid_at IS NOT NULL AND fate IS NOT NULL)",
            name="succeeded_is_settled",
        ),
        Index(
            "uq_payments_one_unpaid",
            "appointment_id",
            unique=True,
            sqlite_where=ONE_UNPAID,
            postgresql_where=ONE_UNPAID,
        ),
        Index("ix_payments_client", "client_id", "created_at"),
        Index("ix_payments_invoice", "invoice_id"),
        Index("ix_payments_paid", "paid_at"),
        Index("ix_payments_undecided", "status", "checked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(12), default="new")
    received_cents: Mapped[int] = mapped_column(default=0)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    """Given back or promised; the database itself adds this up."""
    fate: Mapped[str | None] = mapped_column(String(8))
    checkout_id: Mapped[str | None] = mapped_column(String(100))
    checkout_url: Mapped[str | None] = mapped_column(SealedText("payments.checkout_url"))
    intent_id: Mapped[str | None] = mapped_column(String(100))
    problem: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    appointment: Mapped[Appointment] = relationship()
    client: Mapped[Person] = relationship()
    invoice: Mapped[Invoice | None] = relationship(back_populates="payments")
    refunds: Mapped[list[Refund]] = relationship(back_populates="payment", order_by="Refund.id")

    @property
    def amount(self) -> Money:
        """What was asked for."""
        return Money(self.amount_cents, self.currency)

    @property
    def received(self) -> Money:
        """What came."""
        return Money(self.received_cents, self.currency)

    @property
    def refunded(self) -> Money:
        """What went back or is on its way."""
        return Money(self.refunded_cents, self.currency)

    @property
    def left(self) -> Money:
        """What can still be given back."""
        return self.received - self.refunded

    @property
    def state(self) -> str:
        """One word for a badge."""
        if self.status != "succeeded":
            return {"new": "open", "closed": "withdrawn"}.get(self.status, self.status)
        if not self.refunded_cents:
            return "paid"
        return "refunded" if self.refunded_cents == self.received_cents else "partly_refunded"


class Refund(Model):
    """Money going back to a client."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("provider_id"),
        UniqueConstraint("form_key"),
        CheckConstraint(f"status IN {REFUND_STATUSES}", name="status_known"),
        CheckConstraint(f"reason IN {tuple(REASONS)}", name="reason_known"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("status <> 'sending' OR leased_until IS NOT NULL", name="sending_leased"),
        Index("ix_refunds_payment", "payment_id"),
        Index("ix_refunds_due", "status", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    amount_cents: Mapped[int]
    status: Mapped[str] = mapped_column(String(12), default="queued")
    reason: Mapped[str] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(SealedText("refunds.note"))
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    form_key: Mapped[str | None] = mapped_column(String(40))
    """Which form asked for it, so that a form sent twice asks once."""
    provider_id: Mapped[str | None] = mapped_column(String(100))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    payment: Mapped[Payment] = relationship(back_populates="refunds")
    requested_by: Mapped[Person | None] = relationship()

    @property
    def amount(self) -> Money:
        """What goes back."""
        return Money(self.amount_cents, self.payment.currency)


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
