"""Steps of the sliding scale, prices agreed with clients, vouchers and their uses; see the migrations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

STANDING = text("ended_at IS NULL")
COUNTS = text("released_at IS NULL")


class Tier(Model):
    """A step of the sliding scale: who it is for, and what they pay in percent of the usual price."""

    __tablename__ = "tiers"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 99", name="percent_bounds"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    percent: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AgreedPrice(Model):
    """What a client pays in percent of the usual price, until it is looked at again; nothing is pro bono."""

    __tablename__ = "agreed_prices"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 99", name="percent_bounds"),
        CheckConstraint("(attested_words IS NULL) = (tier_id IS NULL)", name="attested_to_a_tier"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_whole"),
        Index("uq_agreed_prices_one", "client_id", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),
        Index("ix_agreed_prices_review", "review_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    tier_id: Mapped[int | None] = mapped_column(ForeignKey("tiers.id"))
    percent: Mapped[int]
    attested_words: Mapped[str | None] = mapped_column(Text)
    """What the client declared, in the words they saw."""
    reason: Mapped[str | None] = mapped_column(SealedText("agreed_prices.reason"))
    review_on: Mapped[date]
    """From this day on the usual price holds, unless it was agreed anew."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the client was told that it is to be looked at again."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    client: Mapped[Person] = relationship(foreign_keys=client_id)
    made_by: Mapped[Person] = relationship(foreign_keys=made_by_id)
    tier: Mapped[Tier | None] = relationship()

    def of(self, price: Money) -> Money:
        """Work out what is paid in place of a price, rounded down to the cent."""
        return Money(price.cents * self.percent // 100, price.currency)


class Voucher(Model):
    """A code that takes a share or an amount off a session."""

    __tablename__ = "vouchers"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("(percent IS NULL) <> (amount_cents IS NULL)", name="one_measure"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_bounds"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("most_uses > 0", name="most_uses_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24))
    percent: Mapped[int | None]
    amount_cents: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    most_uses: Mapped[int | None]
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    service: Mapped[Service | None] = relationship()

    @property
    def worth(self) -> str:
        """Say what it takes off."""
        return f"{self.percent} %" if self.percent else str(Money(self.amount_cents or 0, self.currency))

    def off(self, price: Money) -> Money:
        """Work out what it takes off a price; never more than all of it."""
        if self.percent:
            return Money(price.cents * self.percent // 100, price.currency)
        return Money(min(self.amount_cents or 0, price.cents), price.currency)


class VoucherUse(Model):
    """A voucher that was used for a session."""

    __tablename__ = "voucher_uses"
    __table_args__ = (
        CheckConstraint("cents > 0", name="cents_positive"),
        Index("uq_voucher_uses_session", "appointment_id", unique=True, sqlite_where=COUNTS, postgresql_where=COUNTS),
        Index(
            "uq_voucher_uses_client",
            "voucher_id",
            "client_id",
            unique=True,
            sqlite_where=COUNTS,
            postgresql_where=COUNTS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(ForeignKey("vouchers.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    cents: Mapped[int]
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the session was called off, so that the code can be used again."""

    voucher: Mapped[Voucher] = relationship()
    appointment: Mapped[Appointment] = relationship()
