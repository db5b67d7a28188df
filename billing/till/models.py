"""How the till was counted and what went to the bank. It only grows; see the migrations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.manual.models import ManualPayment
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

CARRIED = text("released_at IS NULL")


class TillBanking(Model):
    """One count of the till, with what of it was carried to the bank; all amounts in cents."""

    __tablename__ = "till_bankings"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("form_key"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("cash_cents BETWEEN 0 AND counted_cents", name="carried_was_counted"),
        CheckConstraint("cheque_cents >= 0", name="cheques_not_negative"),
        CheckConstraint("cash_cents + cheque_cents > 0 OR counted_cents <> expected_cents", name="says_something"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_whole"),
        Index("ix_till_bankings_day", "banked_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=lambda: uuid4().hex)
    banked_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    expected_cents: Mapped[int]
    """What of cash the books said was in the till."""
    counted_cents: Mapped[int]
    cash_cents: Mapped[int]
    """What of the counted cash went to the bank; the rest stayed in the till."""
    cheque_cents: Mapped[int]
    note: Mapped[str | None] = mapped_column(SealedText("till_bankings.note"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_key: Mapped[str] = mapped_column(String(40))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    made_by: Mapped[Person] = relationship(foreign_keys=made_by_id)
    undone_by: Mapped[Person | None] = relationship(foreign_keys=undone_by_id)
    cheques: Mapped[list[BankedCheque]] = relationship(back_populates="banking", order_by="BankedCheque.id")

    @property
    def expected(self) -> Money:
        """What of cash the books said was in the till."""
        return Money(self.expected_cents, self.currency)

    @property
    def counted(self) -> Money:
        """What was there."""
        return Money(self.counted_cents, self.currency)

    @property
    def difference(self) -> Money:
        """What was there beyond the books; less than nothing is missing."""
        return self.counted - self.expected

    @property
    def cash(self) -> Money:
        """What went to the bank in cash."""
        return Money(self.cash_cents, self.currency)

    @property
    def in_cheques(self) -> Money:
        """What went to the bank in cheques."""
        return Money(self.cheque_cents, self.currency)

    @property
    def carried(self) -> Money:
        """What went to the bank in all."""
        return self.cash + self.in_cheques

    @property
    def left(self) -> Money:
        """What of the cash stayed in the till."""
        return self.counted - self.cash


class BankedCheque(Model):
    """A cheque that was carried to the bank."""

    __tablename__ = "banked_cheques"
    __table_args__ = (
        Index("ix_banked_cheques_banking", "banking_id"),
        Index("uq_banked_cheques_once", "payment_id", unique=True, sqlite_where=CARRIED, postgresql_where=CARRIED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    banking_id: Mapped[int] = mapped_column(ForeignKey("till_bankings.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("manual_payments.id"))
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When carrying it was undone, so that it is in the till again."""

    banking: Mapped[TillBanking] = relationship(back_populates="cheques")
    payment: Mapped[ManualPayment] = relationship()
