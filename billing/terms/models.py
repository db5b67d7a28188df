"""How services are paid, and what a client agreed to for one session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from billing.terms.rules import BASES, BOOKINGS, RESTS
from practice.core.columns import UTCDateTime
from practice.core.db import Model


class PayingRule(Model):
    """How a service is paid; without one it is paid in full at booking."""

    __tablename__ = "paying_rules"
    __table_args__ = (
        CheckConstraint(f"booking IN {BOOKINGS}", name="booking_known"),
        CheckConstraint(f"first_visit IN {BOOKINGS}", name="first_visit_known"),
        CheckConstraint(f"basis IN {BASES}", name="basis_known"),
        CheckConstraint(f"rest IN {RESTS}", name="rest_known"),
        CheckConstraint("value > 0 AND (basis <> 'percent' OR value <= 100)", name="value_bounds"),
    )

    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True, autoincrement=False)
    booking: Mapped[str] = mapped_column(String(8))
    first_visit: Mapped[str] = mapped_column(String(8))
    """The same for a client who has not been to this counselor yet."""
    basis: Mapped[str] = mapped_column(String(8))
    value: Mapped[int]
    """The deposit: percent of the price, or cents."""
    rest: Mapped[str] = mapped_column(String(8))


class AgreedPaying(Model):
    """How one session is paid, as it was when the client chose the time."""

    __tablename__ = "agreed_paying"
    __table_args__ = (
        CheckConstraint(f"booking IN {BOOKINGS}", name="booking_known"),
        CheckConstraint(f"rest IN {RESTS}", name="rest_known"),
        CheckConstraint("deposit_cents >= 0", name="deposit_not_negative"),
    )

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), primary_key=True, autoincrement=False)
    booking: Mapped[str] = mapped_column(String(8))
    deposit_cents: Mapped[int]
    rest: Mapped[str] = mapped_column(String(8))
    agreed_at: Mapped[datetime] = mapped_column(UTCDateTime)
