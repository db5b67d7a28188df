"""Statements of shares, as page, PDF and CSV: a counselor's own, and anybody's for administrators."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from billing.closing.months import Month
from billing.papers.views.printed import pdf
from billing.shares import statements, words
from billing.shares.statements import Statement
from billing.shares.views.office import standing
from billing.shares.views.whose import chosen_currency, counselor_or_404, month_or_404
from billing.views.blueprint import bp
from billing.views.pages import amount_in_cells, local_minute
from practice.core import audit
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import administrators_only, counselors_only, current_person
from practice.sheets import csv_response

COLUMNS = ("When", "What", "Invoice", "Client", "Collected", "Rule", "Shared before", "Amount", "Currency")


@bp.get("/my-shares")
@counselors_only
def my_shares() -> ResponseReturnValue:
    """Show a counselor what they get, what is owed to them and what was sent."""
    viewer = current_person()
    return render_template("billing/shares/mine.html", counselor=viewer, **standing(viewer, zone=viewer.zone))


@bp.get("/my-shares/<month>")
@counselors_only
def my_share_statement(month: str) -> ResponseReturnValue:
    """Show a counselor their own statement of a month."""
    return _page(current_person(), month_or_404(month))


@bp.get("/my-shares/<month>.pdf")
@counselors_only
def my_share_statement_pdf(month: str) -> ResponseReturnValue:
    """Give a counselor their own statement on paper."""
    return _paper(current_person(), month_or_404(month))


@bp.get("/my-shares/<month>.csv")
@counselors_only
def my_share_statement_csv(month: str) -> ResponseReturnValue:
    """Let a counselor download their own statement."""
    return _sheet(current_person(), month_or_404(month))


@bp.get("/shares/<int:person_id>/<month>")
@administrators_only
def share_statement(person_id: int, month: str) -> ResponseReturnValue:
    """Show an administrator a counselor's statement."""
    return _page(counselor_or_404(person_id), month_or_404(month))


@bp.get("/shares/<int:person_id>/<month>.pdf")
@administrators_only
def share_statement_pdf(person_id: int, month: str) -> ResponseReturnValue:
    """Give an administrator a counselor's statement on paper."""
    return _paper(counselor_or_404(person_id), month_or_404(month))


@bp.get("/shares/<int:person_id>/<month>.csv")
@administrators_only
def share_statement_csv(person_id: int, month: str) -> ResponseReturnValue:
    """Let an administrator download a counselor's statement."""
    return _sheet(counselor_or_404(person_id), month_or_404(month))


def _page(counselor: Person, month: Month) -> str:
    found = _statement(counselor, month)
    _note("shares.viewed", counselor)
    return render_template(
        "billing/shares/statement.html",
        statement=found,
        own=_own(counselor),
        back=_back(counselor),
        pdf_href=_href(found, "pdf"),
        csv_href=_href(found, "csv"),
        before_href=_href(found, month=month.before),
        after_href=_href(found, month=month.next) if found.is_over else "",
        kinds=words.SENT,
        zone=the_practice().zone,
    )


def _paper(counselor: Person, month: Month) -> ResponseReturnValue:
    found, practice = _statement(counselor, month), the_practice()
    _note("shares.printed", counselor)
    now = ports().clock.now()
    markup = render_template(
        "print/shares.html", statement=found, practice=practice, kinds=words.SENT, now=now, zone=practice.zone
    )
    title = f"Shares of {counselor.name}, {month.words}"
    return pdf(markup, title, f"shares-{month}.pdf", back=_href(found))


def _sheet(counselor: Person, month: Month) -> ResponseReturnValue:
    found, zone = _statement(counselor, month), the_practice().zone
    _note("shares.exported", counselor)
    code = found.opening.currency
    rows: list[list[object]] = [["", "Owed before", "", "", "", "", "", amount_in_cells(found.opening), code]]
    for line in found.lines:
        session = line.invoice.session
        when = local_minute(session.starts_at, zone) if session else ""
        amounts = (amount_in_cells(line.collected), line.rule, amount_in_cells(line.before))
        rows.append(
            [when, "Session", line.invoice.label, line.invoice.client.name, *amounts, amount_in_cells(line.share), code]
        )
    for each in found.sent:
        sent = amount_in_cells(-each.amount)
        rows.append([local_minute(each.at, zone), words.SENT[each.kind], "", "", "", "", "", sent, code])
    rows.append(["", "Owed after", "", "", "", "", "", amount_in_cells(found.closing), code])
    return csv_response(f"shares-{month}.csv", COLUMNS, rows)


def _statement(counselor: Person, month: Month) -> Statement:
    currency = chosen_currency(counselor.id)
    return statements.of(counselor, month, currency, zone=the_practice().zone, now=ports().clock.now())


def _own(counselor: Person) -> bool:
    return counselor.id == current_person().id


def _back(counselor: Person) -> str:
    if _own(counselor):
        return url_for("billing.my_shares")
    return url_for("billing.counselor_shares", person_id=counselor.id)


def _href(found: Statement, kind: str = "", month: Month | None = None) -> str:
    own = _own(found.counselor)
    endpoint = "billing.my_share_statement" if own else "billing.share_statement"
    values: dict[str, Any] = {} if own else {"person_id": found.counselor.id}
    if found.opening.currency != the_practice().currency:
        values["currency"] = found.opening.currency
    return url_for(f"{endpoint}_{kind}" if kind else endpoint, month=month or found.month, **values)


def _note(action: str, counselor: Person) -> None:
    viewer = current_person()
    audit.record_aside(action, person_id=viewer.id, subject=("person", counselor.id))
