"""The administrator's ledger: every posting, narrowed, paged, and added up by account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from billing.ledger.posting import Account
from billing.ledger.words import as_read
from billing.lists import MOST_EXPORTED, PAGE_SIZE, Wanted
from billing.models import Adjustment, Invoice, LedgerEntry, LedgerTransaction, Refund
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """What one account comes to in one currency, with the sign people expect."""

    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Journal:
    """One page of the ledger, how long it is, and what the accounts come to."""

    rows: Sequence[LedgerTransaction]
    total: int
    standings: Sequence[Standing]
    turnover: Sequence[Money]
    """What all debits come to by currency; the credits come to the same."""
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def page(wanted: Wanted) -> Journal:
    """Return one page of the postings, the latest first."""
    chosen = _chosen(wanted)
    query = _whole(chosen).limit(PAGE_SIZE).offset((wanted.number - 1) * PAGE_SIZE)
    total = db.session.scalar(chosen.with_only_columns(func.count())) or 0
    sums = _sums(wanted)
    standings = [
        Standing(Account(name), Money(as_read(Account(name), net), code)) for name, code, net, _ in sums if net
    ]
    turnover: dict[str, int] = {}
    for _, code, _, debits in sums:
        turnover[code] = turnover.get(code, 0) + debits
    rows = db.session.scalars(query).unique().all()
    return Journal(rows, int(total), standings, [Money(cents, code) for code, cents in turnover.items()], wanted.number)


def whole(wanted: Wanted) -> Sequence[LedgerTransaction]:
    """Return every posting the list would page through, as far as one download goes."""
    return db.session.scalars(_whole(_chosen(wanted)).limit(MOST_EXPORTED)).unique().all()


def posting_of(number: int) -> LedgerTransaction | None:
    """Return one posting with its entries."""
    chosen = select(LedgerTransaction).where(LedgerTransaction.id == number)
    return db.session.scalars(_whole(chosen)).unique().first()


def kinds_booked() -> set[str]:
    """Name the kinds of happening that are in the books."""
    return set(db.session.scalars(select(LedgerTransaction.kind).distinct()))


def accounts_used() -> set[str]:
    """Name the accounts that anything was booked on."""
    return set(db.session.scalars(select(LedgerEntry.account).distinct()))


def refund_behind(posting: LedgerTransaction) -> Refund | None:
    """Return the refund that a posting books."""
    return db.session.scalars(select(Refund).where(Refund.uid == posting.reference)).first()


def adjustment_behind(posting: LedgerTransaction) -> Adjustment | None:
    """Return the adjustment that a posting books."""
    return db.session.scalars(select(Adjustment).where(Adjustment.uid == posting.reference)).first()


def _whole(chosen: Select[LedgerTransaction]) -> Select[LedgerTransaction]:
    entries = selectinload(LedgerTransaction.entries)
    latest_first = chosen.order_by(LedgerTransaction.posted_at.desc(), LedgerTransaction.id.desc())
    return latest_first.options(
        entries.joinedload(LedgerEntry.client),
        entries.joinedload(LedgerEntry.counselor),
        entries.joinedload(LedgerEntry.invoice),
        joinedload(LedgerTransaction.payment),
    )


def _chosen(wanted: Wanted) -> Select[LedgerTransaction]:
    query = select(LedgerTransaction).where(*_conditions(wanted))
    if wanted.account:
        query = query.where(_has_entry(LedgerEntry.account == wanted.account))
    return query


def _sums(wanted: Wanted) -> list[tuple[str, str, int, int]]:
    """Add up the accounts as far as the list is narrowed, but for the account itself: name, currency, net, debits."""
    debit = func.sum(func.abs(LedgerEntry.amount_cents) + LedgerEntry.amount_cents) / 2
    query = select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_cents), debit)
    if conditions := _conditions(wanted):
        query = query.join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id).where(*conditions)
    query = query.group_by(LedgerEntry.account, LedgerEntry.currency).order_by(LedgerEntry.currency)
    order = list(Account)
    rows = [(name, code, int(net), int(debits)) for name, code, net, debits in db.session.execute(query)]
    return sorted(rows, key=lambda row: (row[1], order.index(Account(row[0]))))


def _standing(account: Account, net: int, currency: str) -> Standing:
    return Standing(account, Money(as_read(account, net), currency))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since:
        conditions.append(LedgerTransaction.posted_at >= wanted.since)
    if wanted.until:
        conditions.append(LedgerTransaction.posted_at < wanted.until)
    if wanted.kind:
        conditions.append(LedgerTransaction.kind == wanted.kind)
    if wanted.text:
        conditions.append(_has_entry(_named(wanted.text)))
    return conditions


def _has_entry(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return LedgerTransaction.id.in_(select(LedgerEntry.transaction_id).where(condition))


def _named(text: str) -> ColumnElement[bool]:
    pattern = "%" + text.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    people = select(Person.id).where(
        or_(*(func.lower(column).like(pattern, escape="\\") for column in (Person.name, Person.email)))
    )
    found: list[ColumnElement[bool]] = [LedgerEntry.client_id.in_(people), LedgerEntry.counselor_id.in_(people)]
    digits = text.upper().removeprefix("INV-").lstrip("0")
    if digits.isdecimal():
        found.append(LedgerEntry.invoice_id.in_(select(Invoice.id).where(Invoice.number == int(digits[:9]))))
    return or_(*found)
