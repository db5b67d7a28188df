"""Build each report as a table whose figures lead on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from billing.ledger.words import ACCOUNTS
from billing.reports import accounts, adding, ageing, bank, sessions
from billing.reports.accounts import NUMBERS
from billing.reports.adding import By, Line
from billing.reports.figures import CASH_BASIS, FIGURES, IN_A_ROW, OF_COUNSELORS
from billing.reports.periods import Period
from billing.reports.tables import Cell, Column, Table, total
from billing.reports.views import links
from practice.core.money import Money
from practice.core.ports import ports
from practice.queries.people import the_practice

MISSED = {"no_show": "Did not come", "cancelled": "Cancelled late"}


@dataclass(frozen=True, slots=True)
class Report:
    """One report: what it is called, what it answers, and how it is built."""

    title: str
    lead: str
    build: Callable[[Period], Table]
    chart: str = ""
    """The column its picture draws; none without."""
    empty: str = "Nothing is booked in this time."


def _added(by: By, heading: str, figures: Sequence[str], order: str = "") -> Callable[[Period], Table]:
    """Build a report that adds figures up; it is in the order of one of them, largest first, or of time."""

    def build(period: Period) -> Table:
        found = adding.lines(by, period, figures)
        columns = (Column(heading), *(Column(FIGURES[name].label, "money") for name in figures))
        if by is By.MONTH:
            rows = [_month(line, period) for line in _with_every_month(found, period, figures)]
        else:
            names = adding.names_of(by, {line.key for line in found})
            found.sort(key=lambda line: (line.currency, -line.figures[order].cents, names[line.key]))
            rows = [[Cell(names[line.key]), *_figures(line, period, by, line.key)] for line in found]
        sums = [_opened(row, figures, period) for row in total(columns, rows)]
        return Table(f"{by}s", columns, rows, sums)

    return build


def _figures(line: Line, period: Period, by: By | None = None, key: int = 0) -> list[Cell]:
    return [links.figure(name, amount, period, by, key) for name, amount in line.figures.items()]


def _month(line: Line, period: Period) -> list[Cell]:
    month = period.months[line.key - 1]
    return [Cell(f"{month.first:%B %Y}"), *_figures(line, month)]


def _with_every_month(found: list[Line], period: Period, figures: Sequence[str]) -> list[Line]:
    codes = sorted({line.currency for line in found}) or [the_practice().currency]
    known = {(line.currency, line.key): line for line in found}
    return [
        known.get((code, key), Line(key, code, {name: Money.zero(code) for name in figures}))
        for code in codes
        for key in range(1, len(period.months) + 1)
    ]


def _opened(row: list[Cell], figures: Sequence[str], period: Period) -> list[Cell]:
    amounts = [cell.value for cell in row[1:] if isinstance(cell.value, Money)]
    return [row[0], *(links.figure(name, amount, period) for name, amount in zip(figures, amounts, strict=True))]


def _ageing(period: Period) -> Table:
    names = (Column(name, "money") for _, name in ageing.BUCKETS)
    columns = (Column("Client"), Column("Invoices", "count"), *names, Column("Owed", "money"))
    until = period.last.isoformat()
    rows = [
        [
            Cell(row.client.name, url_for("billing.report_owed_by", client_id=row.client.id, until=until)),
            Cell(row.invoices),
            *(Cell(amount) for amount in row.buckets),
            Cell(row.total, url_for("billing.report_owed_by", client_id=row.client.id, until=until)),
        ]
        for row in ageing.debtors(ageing.owing(period.ends_at))
    ]
    return Table("ageing", columns, rows, total(columns, rows))


def _missed(period: Period) -> Table:
    columns = (
        Column("Day", "day"),
        Column("Client"),
        Column("Counselor"),
        Column("What happened"),
        Column("Invoice"),
        Column("Price", "money"),
        Column("Fee kept", "money"),
        Column("Cost", "money"),
    )
    rows = [
        [
            Cell(period.day_of(one.appointment.starts_at), links.session(one.appointment)),
            Cell(one.appointment.client.name),
            Cell(one.appointment.counselor.name),
            Cell(MISSED[one.appointment.status]),
            Cell(one.invoice.label, url_for("billing.invoice", invoice_id=one.invoice.id))
            if one.invoice
            else Cell("none"),
            Cell(one.appointment.price),
            Cell(one.kept, url_for("billing.ledger", text=one.invoice.label) if one.invoice and one.kept else ""),
            Cell(one.cost),
        ]
        for one in sessions.missed(period)
    ]
    return Table("missed", columns, rows, total(columns, rows))


def _unbilled(period: Period) -> Table:
    columns = (Column("Day", "day"), Column("Client"), Column("Counselor"), Column("Service"), Column("Price", "money"))
    rows = [
        [
            Cell(period.day_of(one.starts_at), links.session(one)),
            Cell(one.client.name),
            Cell(one.counselor.name),
            Cell(one.service.name),
            Cell(one.price),
        ]
        for one in sessions.unbilled(period, now=ports().clock.now())
    ]
    return Table("unbilled", columns, rows, total(columns, rows))


def _payouts(period: Period) -> Table:
    columns = (Column("Day", "day"), Column("Number"), Column("State"), Column("Amount", "money"))
    rows = [
        [
            Cell(period.day_of(one.posting.posted_at), url_for("billing.posting", posting_id=one.posting.id)),
            Cell(one.posting.reference),
            Cell(one.state),
            Cell(one.posting.amount),
        ]
        for one in bank.payouts(period)
    ]
    return Table("payouts", columns, rows, total(columns, rows))


def _balance(period: Period) -> Table:
    labels = ("At the start", "Debits", "Credits", "At the end")
    columns = (Column("Number"), Column("Account"), *(Column(label, "money") for label in labels))
    rows = [
        [
            Cell(str(NUMBERS[row.account])),
            Cell(ACCOUNTS[row.account], url_for("billing.ledger", account=row.account, **links.days(period))),
            Cell(row.opening),
            Cell(row.debits),
            Cell(row.credits),
            Cell(row.closing),
        ]
        for row in accounts.trial_balance(period)
    ]
    return Table("balance", columns, rows, total(columns, rows))


REPORTS: Mapping[str, Report] = {
    "counselors": Report(
        "Revenue by counselor",
        "What each counselor’s sessions came to.",
        _added(By.COUNSELOR, "Counselor", OF_COUNSELORS, "revenue"),
        "Revenue",
    ),
    "services": Report(
        "Revenue by service",
        "What each kind of session came to.",
        _added(By.SERVICE, "Service", IN_A_ROW, "revenue"),
        "Revenue",
    ),
    "months": Report(
        "Revenue by month", "How the practice does over time.", _added(By.MONTH, "Month", IN_A_ROW), "Revenue"
    ),
    "ageing": Report(
        "Ageing",
        "What clients owed at the end of the last day, by how long ago it was billed.",
        _ageing,
        empty="Nobody owed anything. Every invoice was settled.",
    ),
    "missed": Report(
        "Missed sessions",
        "What no-shows and late cancellations cost: their price, less the fees that were kept.",
        _missed,
        empty="Nobody missed a session in this time.",
    ),
    "unbilled": Report(
        "Unbilled sessions",
        "Sessions that are over and have a price, but no invoice.",
        _unbilled,
        empty="Every session that is over has its invoice.",
    ),
    "payouts": Report(
        "Payouts",
        "What the card company sent to the practice’s bank.",
        _payouts,
        empty="The card company paid nothing out in this time.",
    ),
    "taxes": Report(
        "For the tax return",
        "What came and what left, by the month the money moved. Invoices carry no sales tax or VAT: most places exempt "
        "health care; ask your accountant whether yours does.",
        _added(By.MONTH, "Month", CASH_BASIS),
        "Left",
    ),
    "balance": Report(
        "Trial balance",
        "Every account at the start and at the end, and what moved between. Assets and costs are positive; what the "
        "practice earned or owes is negative. All of them come to nothing.",
        _balance,
    ),
}
"""By the name in the address."""
