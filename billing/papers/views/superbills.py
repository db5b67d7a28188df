"""Superbills: asked for by clients and the office, read by them and by the counselor, on page and paper."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.claims import queries as claims
from billing.claims.states import WORDS as STATES
from billing.coding.rules import PLACES, WORDS
from billing.papers import queries, superbills
from billing.papers.models import Superbill
from billing.papers.statements import Days
from billing.papers.superbill import Document
from billing.papers.superbills import LackingError
from billing.papers.views.printed import pdf
from billing.views.blueprint import bp
from billing.views.clients import client_or_404, note_look
from billing.views.pages import Pages
from notes.diagnoses.catalogue import published
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import clients_only, current_person, office_only, signed_in


@bp.get("/billing/superbills")
@clients_only
def own_superbills() -> ResponseReturnValue:
    """Show a client their superbills, and what another one would say or lacks."""
    return _desk(current_person())


@bp.post("/billing/superbills")
@clients_only
def issue_own_superbill() -> ResponseReturnValue:
    """Issue a superbill to a client, or tell them and their counselor what it lacks."""
    return _issue(current_person())


@bp.get("/people/<int:person_id>/superbills")
@office_only
def superbills_of(person_id: int) -> ResponseReturnValue:
    """Show the office a client's superbills, and what another one would say or lacks."""
    return _desk(client_or_404(person_id))


@bp.post("/people/<int:person_id>/superbills")
@office_only
def issue_superbill_of(person_id: int) -> ResponseReturnValue:
    """Issue a superbill for a client."""
    return _issue(client_or_404(person_id))


@bp.get("/superbills")
@office_only
def all_superbills() -> ResponseReturnValue:
    """List the superbills of the practice."""
    text = request.args.get("text", "").strip()[:100]
    found = queries.of_all(text=text, page=request.args.get("page", 1, type=int))
    pages = _pages(found, "billing.all_superbills", {"text": text} if text else {})
    return render_template(
        "billing/papers/superbills.html", found=found, form=blank(text=text), text=text, pages=pages, zone=_zone()
    )


@bp.get("/superbills/<int:superbill_id>")
@signed_in
def superbill(superbill_id: int) -> ResponseReturnValue:
    """Show a superbill to its client, its counselor, or an administrator."""
    row = _superbill(superbill_id, "superbill.viewed")
    office = current_person().is_office
    return render_template(
        "billing/papers/superbill.html",
        row=row,
        **_words(row),
        now_is=superbills.as_it_is_now(row, the_practice()),
        zone=row.client.zone,
        claims=claims.of_superbill(row) if office else [],
        states=STATES,
    )


@bp.get("/superbills/<int:superbill_id>.pdf")
@signed_in
def superbill_pdf(superbill_id: int) -> ResponseReturnValue:
    """Give a superbill on paper."""
    row = _superbill(superbill_id, "superbill.exported")
    markup = render_template(
        "print/superbill.html", row=row, **_words(row), zone=row.client.zone, practice=the_practice()
    )
    back = url_for("billing.superbill", superbill_id=row.id)
    return pdf(markup, f"Superbill {row.label}", f"{row.label}.pdf", back=back)


def _superbill(superbill_id: int, deed: str) -> Superbill:
    row = queries.superbill_for(current_person(), superbill_id) or abort(404)
    note_look(row, deed, "superbill")
    return row


def _words(row: Superbill) -> dict[str, Any]:
    found = Document.kept(row.said)
    return {"document": found, "names": published().names(found.diagnoses), "words": WORDS, "places": PLACES}


def _desk(client: Person) -> ResponseReturnValue:
    with_whom = superbills.counselors_of(client)
    days = Days.parse(request.args, today=local(ports().clock.now(), client.zone).date())
    if isinstance(days, Errors):
        return _desk_page(client, days), 422
    chosen = _counselor(with_whom, request.args.get("counselor", 0, type=int))
    form = blank(**days.form.values, counselor=chosen.id if chosen else "")
    if chosen is None or "first" not in request.args:
        return _desk_page(client, form)
    found = superbills.draft(client, chosen, days, the_practice())
    return _desk_page(client, form, draft=found, counselor=chosen, days=days)


def _issue(client: Person) -> ResponseReturnValue:
    now = ports().clock.now()
    chosen = _counselor(superbills.counselors_of(client), request.form.get("counselor", 0, type=int))
    days = Days.parse(request.form, today=local(now, client.zone).date())
    if isinstance(days, Errors) or chosen is None:
        return _desk_page(client, days if isinstance(days, Errors) else days.form), 422
    try:
        row = superbills.issue(client, chosen, days, practice=the_practice(), by=current_person(), now=now)
    except LackingError as error:
        asked = superbills.ask_for_codes(error.draft, client, chosen, now=now)
        db.session.commit()
        form = blank(**days.form.values, counselor=chosen.id)
        page = _desk_page(client, form, draft=error.draft, counselor=chosen, days=days, asked=asked)
        return page, 422
    db.session.commit()
    flash(f"Superbill {row.label} is issued.")
    return redirect(url_for("billing.superbill", superbill_id=row.id), 303)


def _counselor(with_whom: Any, counselor_id: int) -> Person | None:
    return next((each for each in with_whom if each.id == counselor_id), with_whom[0] if with_whom else None)


def _desk_page(client: Person, form: Errors, **more: Any) -> str:
    own = client.id == current_person().id
    here = "billing.own_superbills" if own else "billing.superbills_of"
    whose: dict[str, Any] = {} if own else {"person_id": client.id}
    found = queries.of_client(client, page=request.args.get("page", 1, type=int))
    return render_template(
        "billing/papers/superbill_desk.html",
        client=client,
        own=own,
        form=form,
        here=url_for(here, **whose),
        details_href=url_for("billing.details" if own else "billing.details_of", **whose),
        counselors=[(each.id, each.name) for each in superbills.counselors_of(client)],
        found=found,
        pages=_pages(found, here, whose),
        zone=client.zone,
        words=WORDS,
        **more,
    )


def _pages(found: queries.Listed, here: str, values: dict[str, Any]) -> Pages:
    number = found.number
    return Pages(
        number,
        found.pages,
        url_for(here, **values, page=number - 1) if number > 1 else None,
        url_for(here, **values, page=number + 1) if number < found.pages else None,
    )


def _zone() -> str:
    return the_practice().zone
