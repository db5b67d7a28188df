"""The account of what was given out (45 CFR 164.528): the client's, on a page and on paper, and the counselor's."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import keys
from notes import queries as charts
from notes.own.services import issued
from notes.release import hands, queries, services
from notes.release.forms import CHOSEN_BASES, Noting
from notes.release.limits import limits_of
from notes.release.models import Disclosure
from notes.release.standing import years_before
from notes.release.views.listing import listed
from notes.release.views.pages import file, form_words, now, today
from notes.release.words import BASES, BASES_TO_CLIENT, WAYS, Told
from notes.safety.queries import chart_between
from notes.views.blueprint import bp, pager
from practice.core import audit, forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.printing import PrintingError
from practice.models import Person
from practice.security import clients_only, counselors_only, current_person

YEARS = 6
"""How far the account goes back (45 CFR 164.528(a)(3))."""
TITLE = "What was given out"


@bp.get("/account/disclosures")
@clients_only
def own_disclosures() -> ResponseReturnValue:
    """Show a client what was given out about them in six years."""
    words = _own_account()
    _seen("disclosures.viewed", current_person())
    return render_template("notes/release/given.html", **words)


@bp.get("/account/disclosures.pdf")
@clients_only
def own_disclosures_pdf() -> ResponseReturnValue:
    """Give a client the account on paper."""
    try:
        document = issued("print/disclosures.html", current_person(), title=TITLE, now=now(), **_own_account())
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.own_disclosures"), 303)
    _seen("disclosures.exported", current_person())
    return file(document, "given-out.pdf")


@bp.get("/disclosures")
@counselors_only
def disclosures() -> ResponseReturnValue:
    """List what was given out from a counselor's charts; a search opens it."""
    person, wanted = current_person(), request.args.get("client", type=int)
    client = _client(wanted) if wanted else None
    found = listed(queries.disclosures_of(hands.kept_by(person, client)), services.told_of, request.args, _said)
    if client:
        _seen("disclosures.viewed", client)
    pages = pager(found, "notes.disclosures", q=found.wanted or None, client=wanted)
    return render_template(
        "notes/release/disclosures.html", found=found, client=client, pages=pages, bases=BASES, ways=WAYS
    )


@bp.get("/clients/<int:client_id>/disclosures/new")
@counselors_only
def note_disclosure(client_id: int) -> ResponseReturnValue:
    """Ask what was given out without an authorisation."""
    clock = local(now(), current_person().zone)
    form = forms.blank(told_on=clock.date().isoformat(), told_clock=clock.strftime("%H:%M"))
    return _form(_client(client_id), form)


@bp.post("/clients/<int:client_id>/disclosures/new")
@counselors_only
def noted_disclosure(client_id: int) -> ResponseReturnValue:
    """Keep what was given out without an authorisation."""
    client, person, instant = _client(client_id), current_person(), now()
    form = Noting.parse(request.form, zone=person.zone, now=instant)
    if isinstance(form, Errors):
        return _form(client, form), 422
    chart = keys.chart_of(counselor=person, client=client, now=instant)
    services.note(chart, form.told, told_at=form.told_at, by=person, now=instant)
    db.session.commit()
    flash(f"Kept. {client.first_name} sees it in the account of what was given out.", "good")
    return redirect(url_for("notes.disclosures", client=client.id), 303)


def _own_account() -> Mapping[str, Any]:
    client = current_person()
    first = years_before(today(), YEARS)
    since = datetime.combine(first, time(), ZoneInfo(client.zone))
    lines = services.opened(queries.disclosures_of(hands.own(client), since=since), services.told_of)
    return {"lines": lines, "since": f"{first:%-d %B %Y}", "bases": BASES_TO_CLIENT, "ways": WAYS}


def _said(row: Disclosure, told: Told | None) -> str:
    words = (told.recipient.name, told.recipient.address, told.what, told.purpose) if told else ()
    return " ".join((row.chart.client.name, *words))


def _seen(action: str, client: Person) -> None:
    person = current_person()
    acting = None if person.id == client.id else "counselor"
    audit.record_aside(action, person_id=person.id, subject=("person", client.id), about=client.id, acting=acting)


def _client(client_id: int) -> Person:
    return charts.client_of(current_person(), client_id) or abort(404)


def _form(client: Person, form: Errors) -> str:
    so_far = len(queries.disclosures_of(hands.kept_by(current_person(), client)))
    chart = chart_between(current_person(), client)
    return render_template(
        "notes/release/note.html",
        form=form,
        client=client,
        bases=[*CHOSEN_BASES.items()],
        limits=limits_of(chart) if chart else [],
        so_far=so_far,
        **form_words(),
    )
