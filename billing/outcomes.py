"""What came of invoices, added up from the books for those that are asked for and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, case, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from billing.ledger.posting import GIVES_BACK, PAYS, Account, Kind
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Payment, Refund
from billing.states import UNDER_WAY
from booking.models.appointments import Appointment
from practice.core.money import Money
from practice.models import Person

CLIENT, COUNSELOR = aliased(Person, name="client"), aliased(Person, name="counselor")
"""The two people an invoice or a payment is between, as a query names them."""
DUE = "due"

Rows = Select[*tuple[Any, ...]]
Among = Rows | Sequence[int] | None
"""The numbers of some invoices; None stands for all."""


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice with what came of it."""

    invoice: Invoice
    state: str
    paid: Money
    refunded: Money
    balance: Money
    written_off: Money

    @property
    def due(self) -> Money:
        """What the client still owes on it."""
        return self.balance if self.balance.cents > 0 else Money.zero(self.balance.currency)

    @property
    def settled(self) -> bool:
        """Whether something was paid and nothing is asked for any more; what was written off may still come."""
        return bool(self.paid) and not self.due and not self.written_off

    @property
    def held(self) -> Money:
        """What was paid and neither went back nor is promised back."""
        return self.paid - self.refunded

    @property
    def credited(self) -> Money:
        """What the client is no longer asked for, without what was written off."""
        return self.invoice.total - self.paid + self.refunded - self.written_off - self.due


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the books say of invoices, as columns, and the tables these stand in."""

    state: ColumnElement[str]
    paid: ColumnElement[int]
    back: ColumnElement[int]
    balance: ColumnElement[int]
    lost: ColumnElement[int]
    tables: tuple[FromClause, ...]

    def joined(self, query: Rows) -> Rows:
        """Put the tables beside the invoices of a query."""
        for table in self.tables:
            query = query.outerjoin(table, table.c.invoice_id == Invoice.id)
        return query


def billed(among: Among = None) -> Rows:
    """Select some invoices with what came of them; `as_billed` reads a row."""
    sums = _sums(among)
    amounts = (sums.paid, sums.back, sums.balance, sums.lost)
    query: Rows = (
        select(Invoice, sums.state.label("state"), *amounts)
        .join(CLIENT, CLIENT.id == Invoice.client_id)
        .join(COUNSELOR, COUNSELOR.id == Invoice.counselor_id)
        .options(
            contains_eager(Invoice.client.of_type(CLIENT)),
            contains_eager(Invoice.counselor.of_type(COUNSELOR)),
            joinedload(Invoice.appointment).joinedload(Appointment.service),
        )
    )
    return _within(sums.joined(query), Invoice.id, among)


def as_billed(row: Any) -> Billed:
    """Read a row that `billed` selected."""
    invoice, state, *amounts = row
    return Billed(invoice, state, *(Money(int(cents), invoice.currency) for cents in amounts))


def in_state(state: str, among: Among = None) -> Rows:
    """Select the numbers of the invoices that are in a state."""
    if state == DUE:  # which the books alone tell
        owed = select(LedgerEntry.invoice_id).group_by(LedgerEntry.invoice_id)
        return _within(_receivable(owed), LedgerEntry.invoice_id, among).having(func.sum(LedgerEntry.amount_cents) > 0)
    sums = _sums(among)
    return _within(sums.joined(select(Invoice.id)), Invoice.id, among).where(sums.state == state).correlate(None)


def _sums(among: Among) -> _Sums:
    books, losses, promised = _books(among), _losses(among), _promised(among)
    paid, back = func.coalesce(books.c.paid, 0), func.coalesce(books.c.back, 0) + func.coalesce(promised.c.cents, 0)
    balance, lost = func.coalesce(books.c.cents, 0), func.coalesce(losses.c.cents, 0)
    state = case(
        (balance > 0, DUE),
        (lost > 0, "written_off"),
        (paid == 0, "void"),
        (back >= paid, "refunded"),
        (back > 0, "partly_refunded"),
        else_="paid",
    )
    return _Sums(state, paid, back, balance, lost, (books, losses, promised))


def _books(among: Among) -> FromClause:
    def of_kinds(kinds: frozenset[Kind]) -> ColumnElement[int]:
        return func.sum(case((LedgerTransaction.kind.in_(kinds), LedgerEntry.amount_cents), else_=0))

    cents = func.sum(LedgerEntry.amount_cents).label("cents")
    paid, back = (-of_kinds(PAYS)).label("paid"), of_kinds(GIVES_BACK).label("back")
    query: Rows = select(LedgerEntry.invoice_id, cents, paid, back)
    query = _receivable(query).join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
    return _within(query, LedgerEntry.invoice_id, among).group_by(LedgerEntry.invoice_id).subquery("books")


def _losses(among: Among) -> FromClause:
    query: Rows = select(LedgerEntry.invoice_id, func.sum(LedgerEntry.amount_cents).label("cents")).where(
        LedgerEntry.account == Account.WRITTEN_OFF, LedgerEntry.invoice_id.is_not(None)
    )
    return _within(query, LedgerEntry.invoice_id, among).group_by(LedgerEntry.invoice_id).subquery("losses")


def _promised(among: Among) -> FromClause:
    query: Rows = (
        select(Payment.invoice_id, func.sum(Refund.amount_cents).label("cents"))
        .join(Refund, Refund.payment_id == Payment.id)
        .where(Payment.invoice_id.is_not(None), Refund.status.in_(UNDER_WAY))
    )
    return _within(query, Payment.invoice_id, among).group_by(Payment.invoice_id).subquery("promised")


def _receivable(query: Rows) -> Rows:
    return query.where(LedgerEntry.account == Account.RECEIVABLE, LedgerEntry.invoice_id.is_not(None))


def _within(query: Rows, number: Any, among: Among) -> Rows:
    if among is None:
        return query
    return query.where(number.in_(among.correlate(None) if isinstance(among, Select) else among))
