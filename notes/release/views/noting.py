"""What was given out, as those have it who give: the account of their charts, and writing down what had no release."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from notes import keys
from notes import queries as charts
from notes.models import Chart
from notes.release import hands, queries, services
from notes.release.forms import CHOSEN_BASES, Noting
from notes.release.limits import limits_of
from notes.release.models import Disclosure
from notes.release.views.listing import listed
from notes.release.views.pages import form_words, looked_at, now, shared_chart
from notes.release.words import BASES, WAYS, Told
from notes.safety.queries import chart_between
from notes.views.blueprint import bp, pager
from practice.core import forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.models import Person
from practice.security import counselors_only, current_person


@bp.get("/disclosures")
@counselors_only
def disclosures() -> ResponseReturnValue:
    """List what was given out from a counselor's charts, or from one; a search opens it."""
    person, narrowed = current_person(), {name: request.args.get(name, type=int) for name in ("client", "chart")}
    client = _client(narrowed["client"]) if narrowed["client"] else None
    chart = shared_chart(narrowed["chart"], request.full_path) if narrowed["chart"] else None
    ours = Chart.id == chart.id if chart else hands.kept_by(person, client)
    found = listed(queries.disclosures_of(ours), services.told_of, request.args, _said)
    if chart := chart or (chart_between(person, client) if client else None):
        looked_at("disclosures.viewed", chart, ("person", chart.client_id))
    return render_template(
        "notes/release/disclosures.html",
        found=found,
        client=client,
        chart=chart,
        narrowed=narrowed,
        pages=pager(found, "notes.disclosures", q=found.wanted or None, **narrowed),
        bases=BASES,
        ways=WAYS,
    )


@bp.get("/clients/<int:client_id>/disclosures/new")
@counselors_only
def note_disclosure(client_id: int) -> ResponseReturnValue:
    """Ask what was given out without an authorisation."""
    return _form(_client(client_id), None, _blank())


@bp.post("/clients/<int:client_id>/disclosures/new")
@counselors_only
def noted_disclosure(client_id: int) -> ResponseReturnValue:
    """Keep what was given out without an authorisation."""
    client, person, instant = _client(client_id), current_person(), now()
    form = Noting.parse(request.form, zone=person.zone, now=instant)
    if isinstance(form, Errors):
        return _form(client, None, form), 422
    chart = keys.chart_of(counselor=person, client=client, now=instant)
    return _noted(chart, form, back=url_for("notes.disclosures", client=client.id))


@bp.get("/charts/shared/<int:chart_id>/disclosures/new")
@counselors_only
def note_shared_disclosure(chart_id: int) -> ResponseReturnValue:
    """Ask what was given out of a chart that stands open to this counselor, such as in an emergency of a cover."""
    chart = shared_chart(chart_id, request.path)
    return _form(chart.client, chart, _blank())


@bp.post("/charts/shared/<int:chart_id>/disclosures/new")
@counselors_only
def noted_shared_disclosure(chart_id: int) -> ResponseReturnValue:
    """Keep what was given out of a chart that stands open to this counselor."""
    chart = shared_chart(chart_id, request.path)
    form = Noting.parse(request.form, zone=current_person().zone, now=now())
    if isinstance(form, Errors):
        return _form(chart.client, chart, form), 422
    return _noted(chart, form, back=url_for("notes.disclosures", chart=chart.id))


def _noted(chart: Chart, form: Noting, *, back: str) -> ResponseReturnValue:
    services.note(chart, form.told, told_at=form.told_at, by=current_person(), now=now())
    db.session.commit()
    flash(f"Kept. {chart.client.first_name} sees it in the account of what was given out.", "good")
    return redirect(back, 303)


def _said(row: Disclosure, told: Told | None) -> str:
    words = (told.recipient.name, told.recipient.address, told.what, told.purpose) if told else ()
    return " ".join((row.chart.client.name, *words))


def _client(client_id: int) -> Person:
    return charts.client_of(current_person(), client_id) or abort(404)


def _blank() -> Errors:
    clock = local(now(), current_person().zone)
    return forms.blank(told_on=clock.date().isoformat(), told_clock=clock.strftime("%H:%M"))


def _form(client: Person, shared: Chart | None, form: Errors) -> str:
    person = current_person()
    chart = shared or chart_between(person, client)
    ours: ColumnElement[bool] = Chart.id == shared.id if shared else hands.kept_by(person, client)
    return render_template(
        "notes/release/note.html",
        form=form,
        client=client,
        shared=shared,
        bases=[*CHOSEN_BASES.items()],
        limits=limits_of(chart) if chart else [],
        so_far=len(queries.disclosures_of(ours)),
        **form_words(),
    )
