"""The administrator's lists of money: narrowed, paged, added up, and whole for a download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from billing.models import Invoice, Payment, Refund
from billing.outcomes import CLIENT, COUNSELOR, Billed, as_billed, billed, in_state
from billing.queries import whole_payments
from billing.states import CLOSED, FAILED, PENDING, QUEUED, SENDING, SUCCEEDED, UNDECIDED
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money

BILL = aliased(Invoice, name="bill")
PAGE_SIZE = 50
MOST_EXPORTED = 50_000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty fields narrow nothing."""

    state: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""
    account: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of a list, with how long it is and what it adds up to by currency."""

    rows: Sequence[Row]
    total: int
    number: int
    sums: Sequence[Money]

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def invoices(wanted: Wanted) -> Listed[Billed]:
    """Return one page of the practice's invoices, the latest first."""
    query = _wanted_invoices(wanted)
    total, sums = _added_up(query, Invoice.currency, Invoice.total_cents)
    shown = db.session.scalars(_page(query.order_by(Invoice.number.desc()), wanted)).all()
    rows = db.session.execute(billed(shown).order_by(Invoice.number.desc())).unique()
    return Listed([as_billed(row) for row in rows], total, wanted.number, sums)


def all_invoices(wanted: Wanted) -> list[Billed]:
    """Return every invoice that the list would page through."""
    chosen = _wanted_invoices(wanted).order_by(Invoice.number.desc()).limit(MOST_EXPORTED)
    query = billed().where(Invoice.id.in_(chosen.correlate(None))).order_by(Invoice.number.desc())
    return [as_billed(row) for row in db.session.execute(query).unique()]


def payments(wanted: Wanted) -> Listed[Payment]:
    """Return one page of the practice's payments, the latest first."""
    query = _wanted_payments(wanted)
    total, sums = _added_up(query, Payment.currency, Payment.received_cents)
    rows = db.session.scalars(_page(query.order_by(Payment.id.desc()), wanted)).unique().all()
    return Listed(rows, total, wanted.number, sums)


def all_payments(wanted: Wanted) -> Sequence[Payment]:
    """Return every payment that the list would page through."""
    query: Select[Any] = _wanted_payments(wanted).order_by(Payment.id.desc()).limit(MOST_EXPORTED)
    return db.session.scalars(query).unique().all()


def _wanted_invoices(wanted: Wanted) -> Select[Any]:
    """Select the numbers of the invoices that are wanted; people are looked at only where a name is asked for."""
    query: Select[Any] = select(Invoice.id)
    named = _named(wanted.text, with_numbers=True)
    if named is not None:
        query = query.join(CLIENT, CLIENT.id == Invoice.client_id).join(COUNSELOR, COUNSELOR.id == Invoice.counselor_id)
    query = _narrowed(query, wanted, Invoice.issued_at, named)
    return query.where(Invoice.id.in_(in_state(wanted.state))) if wanted.state else query


def _wanted_payments(wanted: Wanted) -> Select[Any]:
    query: Select[Any] = whole_payments().outerjoin(Appointment, Appointment.id == Payment.appointment_id)
    query = query.outerjoin(BILL, BILL.id == Payment.bill_id).join(CLIENT, CLIENT.id == Payment.client_id)
    query = query.join(COUNSELOR, COUNSELOR.id == func.coalesce(Appointment.counselor_id, BILL.counselor_id))
    at = func.coalesce(Payment.paid_at, Payment.created_at)
    query = _narrowed(query, wanted, at, _named(wanted.text, with_numbers=False))
    return query.where(_payment_condition(wanted.state)) if wanted.state else query


def _payment_condition(state: str) -> ColumnElement[bool]:
    under_way = select(Refund.payment_id).where(Refund.status.in_((FAILED, QUEUED, SENDING, PENDING)))
    conditions: dict[str, ColumnElement[bool]] = {
        "paid": Payment.status == SUCCEEDED,
        "refunded": Payment.refunded_cents > 0,
        "undecided": Payment.status.in_(UNDECIDED),
        "closed": Payment.status == CLOSED,
        "attention": Payment.id.in_(under_way),
    }
    return conditions[state]


def _narrowed(query: Select[Any], wanted: Wanted, at: Any, named: ColumnElement[bool] | None) -> Select[Any]:
    if wanted.since:
        query = query.where(at >= wanted.since)
    if wanted.until:
        query = query.where(at < wanted.until)
    return query if named is None else query.where(named)


def _named(text: str, *, with_numbers: bool) -> ColumnElement[bool] | None:
    if not text:
        return None
    pattern = "%" + text.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    columns = (CLIENT.name, CLIENT.email, COUNSELOR.name, COUNSELOR.email)
    found: list[ColumnElement[bool]] = [func.lower(column).like(pattern, escape="\\") for column in columns]
    digits = text.upper().removeprefix("INV-").lstrip("0")
    if with_numbers and digits.isdecimal():
        found.append(Invoice.number == int(digits[:9]))
    return or_(*found)


def _page(query: Select[Any], wanted: Wanted) -> Select[Any]:
    return query.limit(PAGE_SIZE).offset((wanted.number - 1) * PAGE_SIZE)


def _added_up(query: Select[Any], currency: Any, cents: Any) -> tuple[int, list[Money]]:
    """Return how many rows there are, and what they come to by currency, in one reading."""
    bare = query.with_only_columns(currency, func.count(), func.sum(cents), maintain_column_froms=True)
    found = db.session.execute(bare.group_by(currency).order_by(currency)).all()
    return sum(count for _, count, _ in found), [Money(int(total or 0), code) for code, _, total in found]
