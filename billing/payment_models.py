"""Attempts to pay, and money that goes back of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.cards.models import SavedCard
from billing.states import CARD, CREDIT, FATES, PAYMENT_STATUSES, REASONS, REFUND_STATUSES
from booking.models.appointments import Appointment
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

if TYPE_CHECKING:
    from billing.models import Invoice

ONE_UNPAID = text("status IN ('new', 'open')")


def _uid() -> str:
    return uuid4().hex


class Payment(Model):
    """One attempt to pay for one appointment, from the open page to the money."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("checkout_id"),
        UniqueConstraint("intent_id"),
        CheckConstraint(f"status IN {PAYMENT_STATUSES}", name="status_known"),
        CheckConstraint(f"fate IN {FATES}", name="fate_known"),
        CheckConstraint("(appointment_id IS NULL) <> (bill_id IS NULL)", name="for_one_thing"),
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
        Index(
            "uq_payments_one_unpaid_bill", "bill_id", unique=True, sqlite_where=ONE_UNPAID, postgresql_where=ONE_UNPAID
        ),
        Index("ix_payments_client", "client_id", "created_at"),
        Index("ix_payments_invoice", "invoice_id"),
        Index("ix_payments_paid", "paid_at"),
        Index("ix_payments_undecided", "status", "checked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    """The invoice it was begun for, where that is about no session."""
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    """The invoice it pays for, once it does."""
    card_id: Mapped[int | None] = mapped_column(ForeignKey("saved_cards.id"))
    """The saved card it is taken from; the others are paid on the provider's page."""
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

    appointment: Mapped[Appointment | None] = relationship()
    bill: Mapped[Invoice | None] = relationship(foreign_keys=bill_id)
    client: Mapped[Person] = relationship()
    card: Mapped[SavedCard | None] = relationship()
    invoice: Mapped[Invoice | None] = relationship(foreign_keys=invoice_id, back_populates="payments")
    refunds: Mapped[list[Refund]] = relationship(back_populates="payment", order_by="Refund.id")

    @property
    def paid_for(self) -> Appointment | Invoice:
        """The session it was begun for, or the bill about none."""
        return self.appointment or self.bill  # type: ignore[return-value]  # a constraint: one of them is there

    @property
    def counselor(self) -> Person:
        """Whose work it pays."""
        return self.paid_for.counselor

    @property
    def what(self) -> str:
        """What it pays for, in a few words that say nothing about therapy."""
        if self.appointment is None:
            return f"Invoice {self.bill.label}" if self.bill else ""
        return f"Session, {self.appointment.span.minutes} minutes"

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
        CheckConstraint(f"way IN {(CARD, CREDIT)}", name="way_known"),
        Index("ix_refunds_payment", "payment_id"),
        Index("ix_refunds_due", "status", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"))
    amount_cents: Mapped[int]
    status: Mapped[str] = mapped_column(String(12), default="queued")
    way: Mapped[str] = mapped_column(String(6), default=CARD, server_default=CARD)
    """Where it goes: back to the card, or into the client's credit."""
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
