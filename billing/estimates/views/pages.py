"""Estimates: the client's, the office's, one of them, and its paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.estimates import queries, services
from billing.estimates.document import DISCLAIMERS, Document
from billing.estimates.forms import Asked
from billing.estimates.models import Estimate
from billing.papers.views.printed import pdf
from billing.views.blueprint import bp
from billing.views.clients import client_or_404, note_look
from billing.views.pages import Pages
from booking.models.services import Service
from notes.diagnoses.catalogue import published
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import clients_only, current_person, office_only, signed_in

TWELVE_MONTHS = "48"
"""Sessions that a year of weekly care usually comes to."""


@bp.get("/billing/estimates")
@clients_only
def own_estimates() -> ResponseReturnValue:
    """Show a client what their sessions are expected to cost, and what was billed of it."""
    return _desk(current_person(), _unasked())


@bp.post("/billing/estimates")
@clients_only
def ask_own_estimate() -> ResponseReturnValue:
    """Give a client the estimate they ask for."""
    return _ask(current_person())


@bp.get("/people/<int:person_id>/estimates")
@office_only
def estimates_of(person_id: int) -> ResponseReturnValue:
    """Show the office a client's estimates."""
    return _desk(client_or_404(person_id), _unasked())


@bp.post("/people/<int:person_id>/estimates")
@office_only
def ask_estimate_of(person_id: int) -> ResponseReturnValue:
    """Give a client an estimate from the office."""
    return _ask(client_or_404(person_id))


@bp.get("/estimates")
@office_only
def all_estimates() -> ResponseReturnValue:
    """List the estimates that stand, those about to be exceeded first."""
    found = queries.of_all(page=request.args.get("page", 1, type=int))
    practice = the_practice()
    today = local(ports().clock.now(), practice.zone).date()
    return render_template(
        "billing/estimates/all.html",
        found=found,
        troubled=queries.troubled(today),
        pages=_pages(found, "billing.all_estimates", {}),
        given=services.are_given(practice),
        zone=practice.zone,
    )


@bp.get("/estimates/<int:estimate_id>")
@signed_in
def estimate(estimate_id: int) -> ResponseReturnValue:
    """Show an estimate to the client, the counselor or an administrator."""
    row = _estimate(estimate_id, "estimate.viewed")
    return render_template("billing/estimates/estimate.html", row=row, meter=queries.meter_of(row), **_words(row))


@bp.get("/estimates/<int:estimate_id>.pdf")
@signed_in
def estimate_pdf(estimate_id: int) -> ResponseReturnValue:
    """Give an estimate on paper."""
    row = _estimate(estimate_id, "estimate.exported")
    markup = render_template("print/estimate.html", row=row, practice=the_practice(), **_words(row))
    back = url_for("billing.estimate", estimate_id=row.id)
    return pdf(markup, f"Good-faith estimate {row.label}", f"{row.label}.pdf", back=back)


def _estimate(estimate_id: int, deed: str) -> Estimate:
    row = queries.estimate_for(current_person(), estimate_id) or abort(404)
    note_look(row, deed, "estimate")
    return row


def _words(row: Estimate) -> dict[str, Any]:
    found = Document.kept(row.said)
    return {
        "document": found,
        "names": published().names(found.diagnoses),
        "disclaimers": DISCLAIMERS,
        "zone": row.client.zone,
    }


def _unasked() -> Errors:
    return blank(count=TWELVE_MONTHS)


def _ask(client: Person) -> ResponseReturnValue:
    offered = {service.id: service for service in _offered(client)}
    form = Asked.parse(request.form, offered)
    if isinstance(form, Errors):
        return _desk(client, form), 422
    row = services.ask(
        client,
        offered[form.service_id],
        form.count,
        practice=the_practice(),
        by=current_person(),
        now=ports().clock.now(),
    )
    db.session.commit()
    flash(f"Estimate {row.label} is made." if _own(client) else f"Estimate {row.label} is on its way to {client.name}.")
    return redirect(url_for("billing.estimate", estimate_id=row.id), 303)


def _offered(client: Person) -> Sequence[Service]:
    return queries.services_for(client, everything=not _own(client))


def _own(client: Person) -> bool:
    return client.id == current_person().id


def _desk(client: Person, form: Errors) -> str:
    here = "billing.own_estimates" if _own(client) else "billing.estimates_of"
    whose: dict[str, Any] = {} if _own(client) else {"person_id": client.id}
    found = queries.of_client(client, page=request.args.get("page", 1, type=int))
    return render_template(
        "billing/estimates/desk.html",
        client=client,
        own=_own(client),
        form=form,
        found=found,
        pages=_pages(found, here, whose),
        offered=[(each.id, f"{each.name} with {each.counselor.name}, {each.price}") for each in _offered(client)],
        zone=client.zone,
    )


def _pages(found: queries.Listed, here: str, values: dict[str, Any]) -> Pages:
    number = found.number
    return Pages(
        number,
        found.pages,
        url_for(here, **values, page=number - 1) if number > 1 else None,
        url_for(here, **values, page=number + 1) if number < found.pages else None,
    )
