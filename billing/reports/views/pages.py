"""The administrator's reports: a dashboard, each report as page, CSV and workbook, and the entries behind."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from billing.ledger.posting import Account, Kind
from billing.ledger.words import ACCOUNTS, KINDS
from billing.models import LedgerEntry
from billing.reports import adding, ageing
from billing.reports.adding import By
from billing.reports.figures import FIGURES
from billing.reports.periods import Period, month_of, months_up_to, usual
from billing.reports.tables import Cell, Table, currency_of
from billing.reports.views import dashboard, drawing, links
from billing.reports.views.building import REPORTS, Report
from billing.reports.views.filters import number_of, read_period
from billing.views.blueprint import bp
from billing.views.pages import Pages, amount_in_cells, local_minute
from practice.core import audit
from practice.core.forms import Errors
from practice.core.money import Money
from practice.core.ports import ports
from practice.queries.people import person, the_practice
from practice.security import current_person, office_only
from practice.sheets import Sheet, csv_response, workbook_response

MONTHS = 12
BY_MONTH = ("months", "taxes")
ENTRY_COLUMNS = ("Posting", "When", "What", "Account", "Amount", "Currency", "Client", "Counselor", "Invoice")


@bp.get("/reports")
@office_only
def reports() -> ResponseReturnValue:
    """Show how the practice does, each figure leading to its report."""
    today, zone = _today()
    return render_template("billing/reports/dashboard.html", reports=REPORTS, **dashboard.shown(today, zone))


@bp.get("/reports/<name>")
@office_only
def report(name: str) -> ResponseReturnValue:
    """Show a report."""
    chosen, period, form = _asked(name)
    table = chosen.build(period)
    return render_template(
        "billing/reports/report.html",
        name=name,
        report=chosen,
        table=table,
        headings=[(one.label, "number") if one.is_number else one.label for one in table.columns],
        chart=drawing.of(table, chosen.chart, by_month=name in BY_MONTH) if chosen.chart else None,
        period=period,
        form=form,
        usual=[(words, url_for(".report", name=name, **links.days(one)), one == period) for words, one in _usual()],
        csv=url_for(".report_csv", name=name, **links.days(period)),
        workbook=url_for(".report_xlsx", name=name, **links.days(period)),
    )


@bp.get("/reports/<name>.csv")
@office_only
def report_csv(name: str) -> ResponseReturnValue:
    """Download a report as CSV."""
    table, period = _exported(name)
    return csv_response(f"{_file(name, period)}.csv", [one.label for one in table.with_currencies], _plain(table))


@bp.get("/reports/<name>.xlsx")
@office_only
def report_xlsx(name: str) -> ResponseReturnValue:
    """Download a report as a workbook."""
    table, period = _exported(name)
    sheet = Sheet(REPORTS[name].title, [one.label for one in table.with_currencies], _plain(table))
    return workbook_response(f"{_file(name, period)}.xlsx", [sheet])


@bp.get("/reports/ageing/<int:client_id>")
@office_only
def report_owed_by(client_id: int) -> ResponseReturnValue:
    """Show the invoices behind what one client owed when a day was over."""
    today, zone = _today()
    period, _ = read_period(MultiDict({"until": request.args.get("until", "")}), month_of(today, zone))
    client = person(client_id) or abort(404)
    return render_template(
        "billing/reports/owed_by.html",
        client=client,
        period=period,
        owing=ageing.owing(period.ends_at, client_id=client.id),
        buckets=[name for _, name in ageing.BUCKETS],
        back=url_for(".report", name="ageing", until=period.last.isoformat()),
        zone=zone,
    )


@bp.get("/reports/entries")
@office_only
def report_entries() -> ResponseReturnValue:
    """Show the entries that a figure adds up."""
    name, period, narrowed = _figure_asked()
    number = number_of(request.args, "page", least=1, otherwise=1)
    found = adding.behind(name, period, number=number, **narrowed)
    names = adding.names_of(narrowed["by"], {narrowed["key"]}) if narrowed["by"] else {}
    return render_template(
        "billing/reports/entries.html",
        figure=FIGURES[name],
        found=found,
        period=period,
        whose=names.get(narrowed["key"], ""),
        accounts=ACCOUNTS,
        kinds=KINDS,
        zone=period.zone,
        csv=url_for(".report_entries_csv", **_kept()),
        pages=_pages(found),
    )


@bp.get("/reports/entries.csv")
@office_only
def report_entries_csv() -> ResponseReturnValue:
    """Download the entries that a figure adds up."""
    name, period, narrowed = _figure_asked()
    rows = [_entry(entry, FIGURES[name].sign, period.zone) for entry in adding.all_behind(name, period, **narrowed)]
    _note("entries", len(rows))
    return csv_response(f"entries-{name}-{period.first}-{period.last}.csv", ENTRY_COLUMNS, rows)


def _asked(name: str) -> tuple[Report, Period, Errors]:
    chosen = REPORTS.get(name) or abort(404)
    today, zone = _today()
    otherwise = months_up_to(today, zone, MONTHS) if name in BY_MONTH else month_of(today, zone)
    if name == "ageing":
        otherwise = Period(otherwise.first, today, zone)
    return chosen, *read_period(request.args, otherwise)


def _exported(name: str) -> tuple[Table, Period]:
    chosen, period, _ = _asked(name)
    table = chosen.build(period)
    _note(name, len(table.rows))
    return table, period


def _figure_asked() -> tuple[str, Period, dict[str, Any]]:
    today, zone = _today()
    name, by = request.args.get("figure", ""), request.args.get("by", "")
    if name not in FIGURES or (by and by not in set(By)):
        abort(404)
    period, _ = read_period(request.args, month_of(today, zone))
    currency = request.args.get("currency", the_practice().currency)[:3]
    key = number_of(request.args, "key")
    return name, period, {"currency": currency, "by": By(by) if by else None, "key": key}


def _note(name: str, rows: int) -> None:
    audit.record_aside("report.exported", person_id=current_person().id, detail={"report": name, "rows": rows})


def _plain(table: Table) -> list[list[object]]:
    more = len(table.with_currencies) > len(table.columns)
    return [[*map(_bare, row), *([currency_of(row)] if more else [])] for row in table.rows]


def _bare(cell: Cell) -> object:
    return amount_in_cells(cell.value) if isinstance(cell.value, Money) else cell.value


def _entry(entry: LedgerEntry, sign: int, zone: str) -> list[object]:
    posting = entry.transaction
    return [
        posting.id,
        local_minute(posting.posted_at, zone),
        KINDS[Kind(posting.kind)],
        ACCOUNTS[Account(entry.account)],
        amount_in_cells(Money(sign * entry.amount_cents, entry.currency)),
        entry.currency,
        entry.client.name if entry.client else "",
        entry.counselor.name if entry.counselor else "",
        entry.invoice.label if entry.invoice else "",
    ]


def _file(name: str, period: Period) -> str:
    return f"{name}-{period.first}-{period.last}"


def _today() -> tuple[date, str]:
    zone = the_practice().zone
    return Period(date.min, date.min, zone).day_of(ports().clock.now()), zone


def _usual() -> list[tuple[str, Period]]:
    return usual(*_today())


def _pages(found: adding.Behind) -> Pages:
    kept = _kept()
    number = found.number
    return Pages(
        number=number,
        pages=found.pages,
        previous_href=url_for(".report_entries", **kept, page=number - 1) if number > 1 else None,
        next_href=url_for(".report_entries", **kept, page=number + 1) if number < found.pages else None,
    )


def _kept() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if name != "page"}
