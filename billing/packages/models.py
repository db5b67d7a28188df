"""Packages on offer, those that were sold, and the sessions booked on them; see the migrations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.credit.models import CreditLot
from billing.models import Invoice
from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person


class Package(Model):
    """So many sessions of a service at a price for each, to be used within some days."""

    __tablename__ = "packages"
    __table_args__ = (
        CheckConstraint("sessions BETWEEN 2 AND 100", name="sessions_bounds"),
        CheckConstraint("unit_cents > 0", name="unit_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("valid_days BETWEEN 30 AND 1826", name="valid_days_bounds"),
        Index("ix_packages_service", "service_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    sessions: Mapped[int]
    unit_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    valid_days: Mapped[int | None]
    """How long its sessions can be booked; without it they do not expire."""
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    service: Mapped[Service] = relationship()

    @property
    def unit(self) -> Money:
        """What one of its sessions costs."""
        return Money(self.unit_cents, self.currency)

    @property
    def price(self) -> Money:
        """What all of it costs."""
        return Money(self.sessions * self.unit_cents, self.currency)


class SoldPackage(Model):
    """A package as it was sold: its invoice, and the lot of credit that its sessions are paid from."""

    __tablename__ = "sold_packages"
    __table_args__ = (
        UniqueConstraint("lot_id"),
        UniqueConstraint("invoice_id"),
        UniqueConstraint("form_key"),
        CheckConstraint("sessions > 0", name="sessions_positive"),
        CheckConstraint("unit_cents > 0", name="unit_positive"),
        Index("ix_sold_packages_client", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("credit_lots.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    sessions: Mapped[int]
    unit_cents: Mapped[int]
    sold_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sold_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was taken back, or what was left of it became credit."""
    low_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    form_key: Mapped[str] = mapped_column(String(40))
    """Which form asked for it, so that a form sent twice buys once."""

    package: Mapped[Package] = relationship()
    service: Mapped[Service] = relationship()
    client: Mapped[Person] = relationship(foreign_keys=client_id)
    lot: Mapped[CreditLot] = relationship()
    invoice: Mapped[Invoice] = relationship()

    @property
    def unit(self) -> Money:
        """What one of its sessions was sold for."""
        return Money(self.unit_cents, self.invoice.currency)


class Redemption(Model):
    """A session that was booked on a package; its money moves when the session is billed."""

    __tablename__ = "redemptions"
    __table_args__ = (Index("ix_redemptions_sold", "sold_id"),)

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), primary_key=True)
    sold_id: Mapped[int] = mapped_column(ForeignKey("sold_packages.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the session was called off and given back."""

    appointment: Mapped[Appointment] = relationship()
    sold: Mapped[SoldPackage] = relationship()
