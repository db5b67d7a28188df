"""A counselor's statement of one month, read out of the books: what each session added, what was sent, what is owed.

Nothing of it is kept beside the books: they only grow, and take nothing into a month that is over, so a month
that is over comes to the same whenever it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import joinedload

from billing.closing.months import Month
from billing.ledger.posting import Account, Kind
from billing.models import Invoice, LedgerEntry, LedgerTransaction
from billing.shares.models import ShareLine
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person

EARNS = (Kind.SHARE, Kind.SHARE_TAKEN_BACK)
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Line:
    """One session: all that was collected for it by the end of the month, and what of it this month added."""

    invoice: Invoice
    collected: Money
    rule: str
    before: Money
    share: Money


@dataclass(frozen=True, slots=True)
class Sent:
    """Money that went to the counselor; less than nothing came back."""

    at: datetime
    kind: Kind
    amount: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of one counselor in one currency; what is less than nothing they owe the practice."""

    counselor: Person
    month: Month
    opening: Money
    lines: Sequence[Line]
    sent: Sequence[Sent]
    is_over: bool

    @property
    def shares(self) -> Money:
        """What the month's sessions came to."""
        return sum((line.share for line in self.lines), Money.zero(self.opening.currency))

    @property
    def paid(self) -> Money:
        """What was sent in the month."""
        return sum((each.amount for each in self.sent), Money.zero(self.opening.currency))

    @property
    def closing(self) -> Money:
        """What is owed when it is over."""
        return self.opening + self.shares - self.paid


@dataclass(frozen=True, slots=True)
class Summary:
    """What a statement comes to."""

    month: Month
    shares: Money
    paid: Money
    closing: Money


def of(counselor: Person, month: Month, currency: str, *, zone: str, now: datetime) -> Statement:
    """Return a counselor's statement of a month, as far as it has come."""
    begins, ends = month.begins(zone), month.ends(zone)
    opening = Money(_owed_before(counselor.id, currency, begins), currency)
    lines, sent = _lines(counselor.id, currency, begins, ends), _sent(counselor.id, currency, begins, ends)
    return Statement(counselor, month, opening, lines, sent, ends <= now)


def months(counselor_id: int, currency: str, *, zone: str, now: datetime) -> list[Summary]:
    """Return the months in which anything was shared or sent, the latest first."""
    all_months = _months(counselor_id, currency, zone, now)
    if not all_months:
        return []
    place = case(
        *((LedgerTransaction.posted_at < month.ends(zone), literal(at)) for at, month in enumerate(all_months)),
        else_=len(all_months),
    )
    earns = LedgerTransaction.kind.in_([str(kind) for kind in EARNS])
    cents = LedgerEntry.amount_cents
    rows = (
        select(place.label("place"), case((earns, -cents), else_=0).label("share"), cents.label("cents"))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(*_theirs(counselor_id, currency))
        .subquery()
    )
    query = select(rows.c.place, func.sum(rows.c.share), func.sum(rows.c.cents)).group_by(rows.c.place)
    found, owed = [], 0
    for at, share, net in db.session.execute(query.order_by(rows.c.place)):
        owed -= int(net)
        month = all_months[min(int(at), len(all_months) - 1)]
        amounts = (int(share), int(share) + int(net), owed)
        found.append(Summary(month, *(Money(each, currency) for each in amounts)))
    return found[::-1][:MOST_MONTHS]


def currencies(counselor_id: int) -> list[str]:
    """Name the currencies in which anything was ever shared with a counselor."""
    query = select(LedgerEntry.currency).where(
        LedgerEntry.account == Account.PAYABLE, LedgerEntry.counselor_id == counselor_id
    )
    return sorted(db.session.scalars(query.distinct()))


def _theirs(counselor_id: int, currency: str) -> list[ColumnElement[bool]]:
    return [
        LedgerEntry.account == Account.PAYABLE,
        LedgerEntry.counselor_id == counselor_id,
        LedgerEntry.currency == currency,
    ]


def _owed_before(counselor_id: int, currency: str, instant: datetime) -> int:
    query = (
        select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(*_theirs(counselor_id, currency), LedgerTransaction.posted_at < instant)
    )
    return -int(db.session.scalar(query) or 0)


def _lines(counselor_id: int, currency: str, begins: datetime, ends: datetime) -> list[Line]:
    """Put the changes of each session together; the last of them says what it came to."""
    query = (
        select(ShareLine)
        .join(ShareLine.transaction)
        .join(ShareLine.invoice)
        .where(
            Invoice.counselor_id == counselor_id,
            LedgerTransaction.currency == currency,
            LedgerTransaction.posted_at >= begins,
            LedgerTransaction.posted_at < ends,
        )
        .order_by(LedgerTransaction.posted_at, ShareLine.id)
        .options(
            joinedload(ShareLine.rule),
            joinedload(ShareLine.invoice).joinedload(Invoice.client),
            joinedload(ShareLine.invoice).joinedload(Invoice.appointment),
            joinedload(ShareLine.invoice).joinedload(Invoice.addition_to),
        )
    )
    by_session: dict[int, list[ShareLine]] = {}
    for each in db.session.scalars(query).unique():
        by_session.setdefault(each.invoice_id, []).append(each)
    lines = [_line(changes, currency) for changes in by_session.values()]
    return sorted(lines, key=_when)


def _line(changes: list[ShareLine], currency: str) -> Line:
    last, share = changes[-1], sum(each.share_cents for each in changes)
    rule = last.rule.words if last.rule else "No rule any more"
    collected, before, added = last.collected_cents, last.total_cents - share, share
    return Line(last.invoice, Money(collected, currency), rule, Money(before, currency), Money(added, currency))


def _when(line: Line) -> tuple[datetime, int]:
    session = line.invoice.session
    return (session.starts_at if session else line.invoice.issued_at, line.invoice.id)


def _sent(counselor_id: int, currency: str, begins: datetime, ends: datetime) -> list[Sent]:
    query = (
        select(LedgerTransaction.posted_at, LedgerTransaction.kind, LedgerEntry.amount_cents)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .where(
            *_theirs(counselor_id, currency),
            and_(LedgerTransaction.posted_at >= begins, LedgerTransaction.posted_at < ends),
            LedgerTransaction.kind.not_in([str(kind) for kind in EARNS]),
        )
        .order_by(LedgerTransaction.posted_at, LedgerTransaction.id)
    )
    return [Sent(at, Kind(kind), Money(int(cents), currency)) for at, kind, cents in db.session.execute(query)]


def _months(counselor_id: int, currency: str, zone: str, now: datetime) -> list[Month]:
    first = db.session.scalar(
        select(func.min(LedgerTransaction.posted_at))
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(*_theirs(counselor_id, currency))
    )
    if first is None:
        return []
    found, month, last = [], Month.of(first, zone), Month.of(now, zone)
    while month <= last:
        found.append(month)
        month = month.next
    return found
