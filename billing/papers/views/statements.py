"""Statements as pages and as PDF: to the client they are about, and to administrators."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.ledger.words import KINDS
from billing.papers.statements import Days, statements
from billing.papers.views.printed import pdf
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from practice.core import audit
from practice.core.formats import local, short_day
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import clients_only, current_person, office_only


@bp.get("/billing/statement")
@clients_only
def statement() -> ResponseReturnValue:
    """Show a client what they owed, what changed and what they owe."""
    return _page(current_person())


@bp.get("/billing/statement.pdf")
@clients_only
def statement_pdf() -> ResponseReturnValue:
    """Give a client their statement on paper."""
    return _paper(current_person())


@bp.get("/people/<int:person_id>/statement")
@office_only
def statement_of(person_id: int) -> ResponseReturnValue:
    """Show an administrator a client's statement."""
    client = client_or_404(person_id)
    audit.record_aside(
        "statement.viewed", person_id=current_person().id, subject=("person", client.id), about=client.id
    )
    return _page(client)


@bp.get("/people/<int:person_id>/statement.pdf")
@office_only
def statement_of_pdf(person_id: int) -> ResponseReturnValue:
    """Give an administrator a client's statement on paper."""
    client = client_or_404(person_id)
    audit.record_aside(
        "statement.exported", person_id=current_person().id, subject=("person", client.id), about=client.id
    )
    return _paper(client)


def _page(client: Person) -> ResponseReturnValue:
    days = Days.parse(request.args, today=_today(client))
    if isinstance(days, Errors):
        return _rendered(client, None, days), 422
    return _rendered(client, days, days.form)


def _rendered(client: Person, days: Days | None, form: Errors) -> str:
    return render_template(
        "billing/papers/statement.html",
        client=client,
        own=_own(client),
        days=days,
        form=form,
        statements=statements(client, days) if days else [],
        ready=[(words, _href(client, each)) for words, each in _ready(client)],
        here=_href(client),
        pdf_href=_href(client, days, on_paper=True) if days else "",
        zone=client.zone,
        kinds=KINDS,
    )


def _own(client: Person) -> bool:
    return client.id == current_person().id


def _href(client: Person, days: Days | None = None, *, on_paper: bool = False) -> str:
    endpoint = "billing.statement" if _own(client) else "billing.statement_of"
    values: dict[str, Any] = {} if _own(client) else {"person_id": client.id}
    if days:
        values |= {"first": days.first, "last": days.last}
    return url_for(f"{endpoint}_pdf" if on_paper else endpoint, **values)


def _ready(client: Person) -> list[tuple[str, Days]]:
    """Name the stretches people ask for most."""
    today = _today(client)
    this_month = Days.of_month(today)
    year = Days(date(today.year, 1, 1), date(today.year, 12, 31))
    last_year = Days(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    return [
        ("This month", this_month),
        ("Last month", Days.of_month(this_month.first - timedelta(days=1))),
        (str(today.year), year),
        (str(today.year - 1), last_year),
    ]


def _paper(client: Person) -> ResponseReturnValue:
    days = Days.parse(request.args, today=_today(client))
    if isinstance(days, Errors):
        return _rendered(client, None, days), 422
    period = f"{short_day(days.first)} to {short_day(days.last)}"
    markup = render_template(
        "print/statement.html",
        client=client,
        period=period,
        days=days,
        statements=statements(client, days),
        practice=the_practice(),
        now=ports().clock.now(),
        zone=client.zone,
    )
    name = f"statement-{days.first}-{days.last}.pdf"
    return pdf(markup, f"Statement, {period}", name, back=_href(client, days))


def _today(client: Person) -> date:
    return local(ports().clock.now(), client.zone).date()
