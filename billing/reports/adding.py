"""Add the ledger up by counselor, service or month, and find the entries behind any of these sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import joinedload

from billing.ledger.posting import Account
from billing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.reports.figures import CREDIT, DEBIT, FIGURES, Figure
from billing.reports.periods import Period
from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

PAGE_SIZE = 50
MOST_EXPORTED = 50_000
NOBODY = 0
"""The key of what belongs to no counselor, service or client."""


class By(StrEnum):
    """What the lines of a report are."""

    COUNSELOR = "counselor"
    SERVICE = "service"
    MONTH = "month"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Line:
    """What the books come to for one counselor, service or month, in one currency."""

    key: int
    currency: str
    figures: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class Behind:
    """One page of the entries behind a figure, and what all of them come to."""

    rows: Sequence[LedgerEntry]
    total: int
    sums: Sequence[Money]
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def lines(by: By, period: Period, names: Sequence[str]) -> list[Line]:
    """Add the named figures up over a period; a month's key is its place in the period, from 1."""
    single = _entries(period, [FIGURES[name] for name in names]).with_only_columns(
        _key(by, period).label("key"),
        LedgerEntry.currency.label("currency"),
        LedgerEntry.amount_cents.label("cents"),
        LedgerEntry.account.label("account"),
        LedgerTransaction.kind.label("kind"),
    )
    rows = single.subquery()
    sums = [_sum(FIGURES[name], rows.c).label(name) for name in names]
    query = select(rows.c.key, rows.c.currency, *sums).group_by(rows.c.key, rows.c.currency)
    return [
        Line(int(key), code, {name: Money(int(cents), code) for name, cents in zip(names, amounts, strict=True)})
        for key, code, *amounts in db.session.execute(query.order_by(rows.c.key, rows.c.currency))
    ]


def names_of(by: By, keys: set[int]) -> dict[int, str]:
    """Return what the lines of a report are called."""
    if by is By.MONTH:
        return {}
    if by is By.SERVICE:
        whose = select(Service.id, Service.name, Person.name).join(Person, Person.id == Service.counselor_id)
        offered = db.session.execute(whose.where(Service.id.in_(keys)))
        return {NOBODY: "Not for a session", **{number: f"{name}, {counselor}" for number, name, counselor in offered}}
    people = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(keys)))
    return {NOBODY: "Nobody in particular", **{row[0]: row[1] for row in people}}


def behind(name: str, period: Period, *, currency: str, by: By | None, key: int, number: int) -> Behind:
    """Return one page of the entries a figure adds up, the latest first."""
    chosen = _behind(name, period, currency=currency, by=by, key=key)
    counted = select(func.count(), func.coalesce(func.sum(chosen.subquery().c.amount_cents), 0))
    total, cents = db.session.execute(counted).one()
    page = _whole(chosen).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    amount = Money(FIGURES[name].sign * int(cents), currency)
    return Behind(db.session.scalars(page).unique().all(), int(total), [amount], number)


def all_behind(name: str, period: Period, *, currency: str, by: By | None, key: int) -> Sequence[LedgerEntry]:
    """Return every entry a figure adds up, as far as one download goes."""
    chosen = _behind(name, period, currency=currency, by=by, key=key)
    return db.session.scalars(_whole(chosen).limit(MOST_EXPORTED)).unique().all()


def currencies() -> list[str]:
    """Name the currencies anything was booked in."""
    return sorted(db.session.scalars(select(LedgerTransaction.currency).distinct()))


def _behind(name: str, period: Period, *, currency: str, by: By | None, key: int) -> Select[LedgerEntry]:
    chosen = _entries(period, [FIGURES[name]]).where(LedgerEntry.currency == currency)
    return chosen.where(_key(by, period) == key) if by else chosen


def _whole(chosen: Select[LedgerEntry]) -> Select[LedgerEntry]:
    latest_first = chosen.order_by(LedgerTransaction.posted_at.desc(), LedgerEntry.id.desc())
    return latest_first.options(
        joinedload(LedgerEntry.transaction),
        joinedload(LedgerEntry.client),
        joinedload(LedgerEntry.counselor),
        joinedload(LedgerEntry.invoice).joinedload(Invoice.appointment).joinedload(Appointment.service),
    )


def _entries(period: Period, figures: Sequence[Figure]) -> Select[LedgerEntry]:
    span = period.span
    is_one: ColumnElement[bool] = literal(False)
    for figure in figures:
        is_one = is_one | _is(figure, LedgerEntry.account, LedgerEntry.amount_cents, LedgerTransaction.kind)
    return (
        select(LedgerEntry)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .outerjoin(Invoice, Invoice.id == LedgerEntry.invoice_id)
        .outerjoin(Appointment, Appointment.id == func.coalesce(Invoice.appointment_id, Invoice.addition_to_id))
        .where(LedgerTransaction.posted_at >= span.starts_at, LedgerTransaction.posted_at < span.ends_at, is_one)
    )


def _key(by: By, period: Period) -> ColumnElement[int]:
    if by is By.MONTH:
        starts = [(month.span.ends_at, at) for at, month in enumerate(period.months, 1)]
        return case(*((LedgerTransaction.posted_at < ends_at, literal(at)) for ends_at, at in starts), else_=NOBODY)
    columns: dict[By, Any] = {
        By.COUNSELOR: LedgerEntry.counselor_id,
        By.SERVICE: Appointment.service_id,
        By.CLIENT: LedgerEntry.client_id,
    }
    return func.coalesce(columns[by], NOBODY)


def _is(figure: Figure, account: Any, cents: Any, kind: Any) -> ColumnElement[bool]:
    conditions = [account.in_([str(name) for name in figure.accounts])]
    if figure.side == DEBIT:
        conditions.append(cents > 0)
    if figure.side == CREDIT:
        conditions.append(cents < 0)
    if figure.kinds:
        conditions.append(kind.in_(sorted(map(str, figure.kinds))))
    return and_(*conditions)


def _sum(figure: Figure, columns: Any) -> ColumnElement[int]:
    counted = case((_is(figure, columns.account, columns.cents, columns.kind), columns.cents * figure.sign), else_=0)
    return func.coalesce(func.sum(counted), 0)


def standing(account: Account, *, currency: str, until: Period) -> Money:
    """Return what an account comes to when a period is over."""
    cents = db.session.scalar(
        select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(
            LedgerEntry.account == account,
            LedgerEntry.currency == currency,
            LedgerTransaction.posted_at < until.ends_at,
        )
    )
    return Money(int(cents or 0), currency)
