"""Rules for shares, what each session added, and what was sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from billing.models import Invoice, LedgerTransaction
from billing.shares.rules import FIXED, KINDS, PERCENT, WHOLE, Rule
from booking.models.services import Service
from practice.core.columns import SealedText, UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

TRANSFER, BANK, CASH = "transfer", "bank", "cash"
WAYS: Final = (TRANSFER, BANK, CASH)
SENDING, WAITING, DONE, REFUSED, CALLED_OFF, UNDONE = "sending", "waiting", "done", "refused", "called_off", "undone"
STATES: Final = (SENDING, WAITING, DONE, REFUSED, CALLED_OFF, UNDONE)
UNDER_WAY: Final = (SENDING, WAITING)


class ShareRule(Model):
    """What a counselor gets of sessions from a day on, until a later rule takes its place or it is withdrawn."""

    __tablename__ = "share_rules"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind_known"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint(f"kind <> '{PERCENT}' OR value <= {WHOLE}", name="percent_bounds"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
        Index("ix_share_rules_counselor", "counselor_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    kind: Mapped[str] = mapped_column(String(8))
    value: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    from_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    service: Mapped[Service | None] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=made_by_id)

    @property
    def rule(self) -> Rule:
        """As a pure value."""
        return Rule(self.id, self.kind, self.value, self.currency, self.from_on, self.service_id)

    @property
    def words(self) -> str:
        """Read `60 %` or `$70.00 a session`."""
        if self.kind == FIXED:
            return f"{Money(self.value, self.currency)} a session"
        return f"{self.value / 100:g} %"


class ShareLine(Model):
    """What a change in one session's money did to its counselor's share; posted once, and never changed."""

    __tablename__ = "share_lines"
    __table_args__ = (
        UniqueConstraint("transaction_id"),
        CheckConstraint("share_cents <> 0", name="share_not_zero"),
        CheckConstraint("collected_cents >= 0 AND total_cents >= 0", name="totals_not_negative"),
        Index("ix_share_lines_invoice", "invoice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transactions.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("share_rules.id"))
    collected_cents: Mapped[int]
    """All that was collected for the session until then."""
    total_cents: Mapped[int]
    """All of it that is the counselor's."""
    share_cents: Mapped[int]
    """What this added to it, or took from it."""

    transaction: Mapped[LedgerTransaction] = relationship()
    invoice: Mapped[Invoice] = relationship()
    rule: Mapped[ShareRule | None] = relationship()


class SharePayment(Model):
    """Shares sent to a counselor: by the card company, or by hand."""

    __tablename__ = "share_payments"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("form_key"),
        UniqueConstraint("transfer_id"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint(f"way IN {WAYS}", name="way_known"),
        CheckConstraint(f"state IN {STATES}", name="state_known"),
        CheckConstraint("(way = 'transfer') = (account_id IS NOT NULL)", name="transfer_has_account"),
        CheckConstraint("way = 'transfer' OR state IN ('done', 'undone')", name="by_hand_is_done"),
        CheckConstraint("way <> 'transfer' OR state <> 'undone'", name="transfers_are_not_undone"),
        CheckConstraint("reversed_cents >= 0 AND reversed_cents <= amount_cents", name="reversed_within"),
        Index("ix_share_payments_counselor", "counselor_id", "made_at"),
        Index("ix_share_payments_under_way", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), default=lambda: uuid4().hex)
    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    way: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12))
    paid_on: Mapped[date]
    reference: Mapped[str | None] = mapped_column(SealedText("share_payments.reference"))
    account_id: Mapped[str | None] = mapped_column(String(80))
    transfer_id: Mapped[str | None] = mapped_column(String(80))
    reversed_cents: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    """How often the card company had refused it for want of money."""
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a transfer under way is tried next."""
    problem: Mapped[str] = mapped_column(String(80), default="")
    form_key: Mapped[str] = mapped_column(String(32))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    counselor: Mapped[Person] = relationship(foreign_keys=counselor_id)
    made_by: Mapped[Person] = relationship(foreign_keys=made_by_id)

    @property
    def amount(self) -> Money:
        """What was sent."""
        return Money(self.amount_cents, self.currency)

    @property
    def came_back(self) -> Money:
        """What of it the card company took back."""
        return Money(self.reversed_cents, self.currency)


class ShareAccount(Model):
    """A counselor's own account at the card company (docs.stripe.com/connect), to which shares are transferred."""

    __tablename__ = "share_accounts"

    counselor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[str] = mapped_column(String(80))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
