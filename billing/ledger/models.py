"""The ledger's tables. They only grow, and a posting that does not balance cannot be committed; see the migrations."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from practice.core.columns import UTCDateTime
from practice.core.db import Model
from practice.core.money import Money
from practice.models import Person

if TYPE_CHECKING:
    from billing.models import Invoice, Payment


class LedgerBalanced(Model):
    """One row that holds zero: what every posting's open sides must have come to when the transaction ends."""

    __tablename__ = "ledger_balanced"
    __table_args__ = (CheckConstraint("open_cents = 0", name="only_zero"),)

    open_cents: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class LedgerTransaction(Model):
    """One happening in the books. Its debits and its credits must each come to its amount, or the commit fails."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("kind", "reference"),
        UniqueConstraint("id", "currency"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        ForeignKeyConstraint(
            ["open_debit_cents"], ["ledger_balanced.open_cents"], deferrable=True, initially="DEFERRED"
        ),
        ForeignKeyConstraint(
            ["open_credit_cents"], ["ledger_balanced.open_cents"], deferrable=True, initially="DEFERRED"
        ),
        Index("ix_ledger_transactions_payment", "payment_id"),
        Index("ix_ledger_transactions_posted", "posted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(64))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    open_debit_cents: Mapped[int]
    open_credit_cents: Mapped[int]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"))
    posted_at: Mapped[datetime] = mapped_column(UTCDateTime)

    payment: Mapped[Payment | None] = relationship()
    entries: Mapped[list[LedgerEntry]] = relationship(back_populates="transaction", order_by="LedgerEntry.id")

    @property
    def amount(self) -> Money:
        """How much moved."""
        return Money(self.amount_cents, self.currency)

    @property
    def debited(self) -> list[str]:
        """The accounts that rose."""
        return list(dict.fromkeys(entry.account for entry in self.entries if entry.amount_cents > 0))

    @property
    def credited(self) -> list[str]:
        """The accounts that fell."""
        return list(dict.fromkeys(entry.account for entry in self.entries if entry.amount_cents < 0))

    def net_of(self, account: str) -> Money:
        """Return what it does to one account: debits are positive."""
        net = sum(entry.amount_cents for entry in self.entries if entry.account == account)
        return Money(net, self.currency)


class LedgerEntry(Model):
    """One side of a posting: debits are positive, credits negative."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["transaction_id", "currency"], ["ledger_transactions.id", "ledger_transactions.currency"]
        ),
        CheckConstraint("amount_cents <> 0", name="amount_not_zero"),
        CheckConstraint(
            "client_id IS NOT NULL OR account NOT IN ('receivable', 'income', 'written_off')", name="whose_known"
        ),
        Index("ix_ledger_entries_transaction", "transaction_id"),
        Index("ix_ledger_entries_account", "account", "client_id"),
        Index("ix_ledger_entries_invoice", "invoice_id", "account"),
        Index("ix_ledger_entries_owed", "account", "invoice_id", "currency", "amount_cents"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    account: Mapped[str] = mapped_column(String(20))
    amount_cents: Mapped[int]
    client_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    counselor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))

    transaction: Mapped[LedgerTransaction] = relationship(back_populates="entries")
    client: Mapped[Person | None] = relationship(foreign_keys=client_id)
    counselor: Mapped[Person | None] = relationship(foreign_keys=counselor_id)
    invoice: Mapped[Invoice | None] = relationship()

    @property
    def amount(self) -> Money:
        """How much, with its sign."""
        return Money(self.amount_cents, self.currency)
