"""Find payments by hand for whoever may see them; somebody else's is not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from billing import queries
from billing.ledger.posting import Account, Kind
from billing.lists import PAGE_SIZE, Listed
from billing.manual.models import ManualPayment
from billing.models import Invoice, LedgerEntry, LedgerTransaction
from practice.core.db import db
from practice.core.money import Money
from practice.models import CLIENT, Person, PersonRole


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment by hand pays of one invoice, or what became credit."""

    invoice: Invoice | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Debtor:
    """A client with what they owe on invoices."""

    person: Person
    due: list[Money]


def made_by(form_key: str) -> ManualPayment | None:
    """Return the payment that a form wrote down already."""
    return db.session.scalars(select(ManualPayment).where(ManualPayment.form_key == form_key)).first()


def payment_for(viewer: Person, number: int) -> ManualPayment | None:
    """Return a payment by hand to its client or to the office."""
    query = _whole().where(ManualPayment.id == number)
    if not viewer.is_office:
        query = query.where(ManualPayment.client_id == viewer.id)
    return db.session.scalars(query).first()


def posting_of(payment: ManualPayment) -> LedgerTransaction:
    """Return the posting that books a payment by hand."""
    query = (
        select(LedgerTransaction)
        .where(LedgerTransaction.kind == Kind.MANUAL_PAYMENT, LedgerTransaction.reference == payment.uid)
        .options(selectinload(LedgerTransaction.entries).joinedload(LedgerEntry.invoice))
    )
    return db.session.scalars(query).one()


def parts_of(payment: ManualPayment) -> list[Part]:
    """Return what a payment by hand pays, as it stands in the books."""
    into = {Account.RECEIVABLE, Account.CREDIT}
    return [Part(entry.invoice, -entry.amount) for entry in posting_of(payment).entries if entry.account in into]


def payments_on(invoice: Invoice) -> list[tuple[ManualPayment, Money]]:
    """Return what came by hand for an invoice and was not undone, the earliest first."""
    return payments_on_each([invoice])[invoice.id]


def payments_on_each(invoices: Sequence[Invoice]) -> Mapping[int, list[tuple[ManualPayment, Money]]]:
    """Return the same of several invoices, by their numbers."""
    query = (
        select(LedgerEntry.invoice_id, ManualPayment, -LedgerEntry.amount_cents, LedgerEntry.currency)
        .join(LedgerTransaction, LedgerTransaction.reference == ManualPayment.uid)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(
            LedgerTransaction.kind == Kind.MANUAL_PAYMENT,
            LedgerEntry.invoice_id.in_([invoice.id for invoice in invoices]),
            ManualPayment.undone_at.is_(None),
        )
        .order_by(ManualPayment.id)
    )
    found: dict[int, list[tuple[ManualPayment, Money]]] = {invoice.id: [] for invoice in invoices}
    for number, payment, cents, currency in db.session.execute(query):
        found[number or 0].append((payment, Money(int(cents), currency)))
    return found


def of_client(client: Person, *, most: int = 100) -> list[ManualPayment]:
    """Return what a client paid by hand, the latest first."""
    query = _whole().where(ManualPayment.client_id == client.id).order_by(ManualPayment.id.desc()).limit(most)
    return list(db.session.scalars(query))


def taken_on(day: date) -> list[Money]:
    """Return what came by hand on a day and was not undone, by currency."""
    query = (
        select(ManualPayment.currency, func.sum(ManualPayment.amount_cents))
        .where(ManualPayment.received_on == day, ManualPayment.undone_at.is_(None))
        .group_by(ManualPayment.currency)
    )
    return [Money(int(cents), currency) for currency, cents in db.session.execute(query)]


def listed(*, text: str, way: str, since: date | None, until: date | None, number: int) -> Listed[ManualPayment]:
    """Return one page of the payments by hand, the latest first; what was undone is not added up."""
    query = _whole().join(Person, Person.id == ManualPayment.client_id)
    if text:
        query = query.where(
            or_(Person.name.icontains(text, autoescape=True), Person.email.icontains(text, autoescape=True))
        )
    if way:
        query = query.where(ManualPayment.way == way)
    if since:
        query = query.where(ManualPayment.received_on >= since)
    if until:
        query = query.where(ManualPayment.received_on <= until)
    page = query.order_by(ManualPayment.received_on.desc(), ManualPayment.id.desc())
    rows = db.session.scalars(page.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    count = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    sums = (
        query.with_only_columns(
            ManualPayment.currency, func.sum(ManualPayment.amount_cents), maintain_column_froms=True
        )
        .where(ManualPayment.undone_at.is_(None))
        .group_by(ManualPayment.currency)
    )
    total = [Money(int(cents), currency) for currency, cents in db.session.execute(sums)]
    return Listed(rows, int(db.session.scalar(count) or 0), number, total)


def clients(text: str, *, most: int = 20) -> list[Debtor]:
    """Return clients whose name or address holds the text, with what they owe; those who owe come first."""
    owed = (
        select(LedgerEntry.client_id, func.sum(LedgerEntry.amount_cents).label("cents"))
        .where(LedgerEntry.account == Account.RECEIVABLE)
        .group_by(LedgerEntry.client_id)
        .subquery()
    )
    query = (
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .outerjoin(owed, owed.c.client_id == Person.id)
        .where(PersonRole.role == CLIENT)
        .order_by(func.coalesce(owed.c.cents, 0).desc(), func.lower(Person.name), Person.id)
        .limit(most)
    )
    if text:
        query = query.where(
            or_(Person.name.icontains(text, autoescape=True), Person.email.icontains(text, autoescape=True))
        )
    return [Debtor(person, queries.balances_of(person)) for person in db.session.scalars(query)]


def _whole() -> Select[ManualPayment]:
    return select(ManualPayment).options(
        joinedload(ManualPayment.client), joinedload(ManualPayment.entered_by), joinedload(ManualPayment.undone_by)
    )
