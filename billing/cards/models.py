"""What is known of a client's cards. Their numbers never reach us; what may be shown of them is sealed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import SealedJSON, SealedText, UTCDateTime
from practice.core.db import Model
from practice.models import Person

NEW, OPEN, DONE, CLOSED = "new", "open", "done", "closed"
STAGES = (NEW, OPEN, DONE, CLOSED)
USUAL = text("is_usual")
BRANDS = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "discover": "Discover",
    "diners": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}


def _uid() -> str:
    return uuid4().hex


class CardCustomer(Model):
    """Under which number the provider knows a client."""

    __tablename__ = "card_customers"
    __table_args__ = (UniqueConstraint("provider_id"),)

    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    provider_id: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SavedCard(Model):
    """A card that a client keeps at the provider."""

    __tablename__ = "saved_cards"
    __table_args__ = (
        UniqueConstraint("provider_id"),
        CheckConstraint("removed_at IS NULL OR NOT is_usual", name="usual_is_kept"),
        Index("uq_saved_cards_usual", "client_id", unique=True, sqlite_where=USUAL, postgresql_where=USUAL),
        Index("ix_saved_cards_client", "client_id", "removed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    provider_id: Mapped[str] = mapped_column(String(100))
    shown: Mapped[dict[str, Any]] = mapped_column(SealedJSON("saved_cards.shown"))
    is_usual: Mapped[bool] = mapped_column(default=False)
    """Whether this is the card that is charged."""
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    client: Mapped[Person] = relationship()

    @property
    def words(self) -> str:
        """How people know it."""
        return f"{BRANDS.get(self.shown['brand'], 'Card')} ending {self.shown['last4']}"

    @property
    def until(self) -> str:
        """The last month it works in, as it stands on the card."""
        return f"{self.shown['month']:02d}/{self.shown['year'] % 100:02d}"

    def has_run_out(self, today: date) -> bool:
        """Tell whether its last month is over."""
        return (today.year, today.month) > (self.shown["year"], self.shown["month"])


class CardSetup(Model):
    """A page at the provider on which a client may save a card."""

    __tablename__ = "card_setups"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("checkout_id"),
        CheckConstraint(f"stage IN {STAGES}", name="stage_known"),
        Index("ix_card_setups_open", "stage", "checked_at"),
        Index("ix_card_setups_client", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=_uid)
    client_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    """The session that is booked with the card."""
    stage: Mapped[str] = mapped_column(String(8), default=NEW)
    checkout_id: Mapped[str | None] = mapped_column(String(100))
    checkout_url: Mapped[str | None] = mapped_column(SealedText("card_setups.checkout_url"))
    card_id: Mapped[int | None] = mapped_column(ForeignKey("saved_cards.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime] = mapped_column(UTCDateTime)

    client: Mapped[Person] = relationship()
    card: Mapped[SavedCard | None] = relationship()
