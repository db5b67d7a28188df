"""The accountant's export: the journal with numbered accounts, the trial balance, and the accounts themselves."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from billing.ledger.posting import Account, Kind
from billing.ledger.words import ACCOUNTS, KINDS
from billing.models import LedgerTransaction
from billing.reports import accounts
from billing.reports.accounts import NUMBERS
from billing.reports.periods import Period, month_of
from billing.reports.views.filters import read_period
from billing.views.blueprint import bp
from billing.views.pages import amount_in_cells
from practice.core import audit
from practice.core.money import Money
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import current_person, office_only
from practice.sheets import Sheet, csv_response, workbook_response

COLUMNS = (
    "Day",
    "Posting",
    "Account number",
    "Account",
    "Debit",
    "Credit",
    "Currency",
    "What",
    "Client number",
    "Counselor",
    "Invoice",
    "Reference",
)
TRIAL_COLUMNS = ("Account number", "Account", "At the start", "Debits", "Credits", "At the end", "Currency")


@bp.get("/reports/journal.csv")
@office_only
def report_journal_csv() -> ResponseReturnValue:
    """Download the journal of a period as CSV."""
    period = _period()
    return csv_response(f"journal-{period.first}-{period.last}.csv", COLUMNS, _journal(period))


@bp.get("/reports/journal.xlsx")
@office_only
def report_journal_xlsx() -> ResponseReturnValue:
    """Download the journal, the trial balance and the accounts of a period as one workbook."""
    period = _period()
    sheets = (
        Sheet("Journal", COLUMNS, _journal(period)),
        Sheet("Trial balance", TRIAL_COLUMNS, _trial(period)),
        Sheet("Accounts", ("Number", "Account"), [[NUMBERS[one], ACCOUNTS[one]] for one in Account]),
    )
    return workbook_response(f"journal-{period.first}-{period.last}.xlsx", sheets)


def _period() -> Period:
    zone = the_practice().zone
    today = ports().clock.now()
    usual = month_of(today.date(), zone)
    period, _ = read_period(request.args, month_of(usual.day_of(today), zone))
    return period


def _journal(period: Period) -> list[list[object]]:
    rows = [line for posting in accounts.journal(period) for line in _lines(posting, period)]
    audit.record_aside(
        "report.exported", person_id=current_person().id, detail={"report": "journal", "rows": len(rows)}
    )
    return rows


def _lines(posting: LedgerTransaction, period: Period) -> list[list[object]]:
    return [
        [
            period.day_of(posting.posted_at),
            posting.id,
            NUMBERS[entry.account],
            ACCOUNTS[Account(entry.account)],
            amount_in_cells(entry.amount) if entry.amount_cents > 0 else "",
            amount_in_cells(-entry.amount) if entry.amount_cents < 0 else "",
            entry.currency,
            KINDS[Kind(posting.kind)],
            entry.client_id or "",
            entry.counselor.name if entry.counselor else "",
            entry.invoice.label if entry.invoice else "",
            posting.reference,
        ]
        for entry in posting.entries
    ]


def _trial(period: Period) -> list[list[object]]:
    return [
        [NUMBERS[row.account], ACCOUNTS[row.account], *map(amount_in_cells, _amounts(row)), row.opening.currency]
        for row in accounts.trial_balance(period)
    ]


def _amounts(row: accounts.Trial) -> tuple[Money, ...]:
    return (row.opening, row.debits, row.credits, row.closing)
