"""The office's clients: a list, and everything about one client's money in one place."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from billing import queries as money
from billing.clients import queries
from billing.views.blueprint import bp
from billing.views.clients import client_or_404
from practice.core import audit
from practice.queries.people import the_practice
from practice.security import current_person, office_only
from practice.views.pages import pages_of, wanted_page, words_asked

LATEST = 10
"""How many invoices stand on the page about a client; the list has all."""


@bp.get("/accounts")
@office_only
def clients() -> ResponseReturnValue:
    """List the clients with what they owe."""
    text = words_asked("text")
    found = queries.page(text, wanted_page())
    pages = pages_of("billing.clients", found.number, found.pages, {"text": text} if text else {})
    return render_template("billing/clients/list.html", found=found, text=text, pages=pages)


@bp.get("/people/<int:person_id>/money")
@office_only
def client_money(person_id: int) -> ResponseReturnValue:
    """Show what a client owes, their latest invoices, and where their papers are."""
    client, viewer = client_or_404(person_id), current_person()
    subject = ("person", client.id)
    audit.record_aside(
        "client_money.viewed", person_id=viewer.id, subject=subject, about=client.id, acting=viewer.office_role
    )
    return render_template(
        "billing/clients/client.html",
        client=client,
        standing=queries.standing(client),
        invoices=money.invoices_of(client, most=LATEST),
        zone=the_practice().zone,
    )
