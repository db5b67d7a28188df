"""Choosing diagnoses. What is searched for travels in the body of a request, never in an address."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import keys
from notes.diagnoses.catalogue import published
from notes.diagnoses.search import search
from notes.plans import document, services
from notes.plans.document import Diagnosis, Plan, UnknownLineError
from notes.plans.forms import DiagnosisForm
from notes.plans.services import Change
from notes.plans.views.pages import STANDINGS, my_chart, my_client, my_plan, now, today
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.security import counselors_only, current_person


@bp.get("/clients/<int:client_id>/plan/diagnoses")
@counselors_only
def find_diagnosis(client_id: int) -> ResponseReturnValue:
    """Ask which diagnosis."""
    return _search_page(client_id, "")


@bp.post("/clients/<int:client_id>/plan/diagnoses/search")
@counselors_only
def search_diagnoses(client_id: int) -> ResponseReturnValue:
    """Show the codes that fit what was typed, as a page or as the part below the box."""
    return _search_page(client_id, request.form.get("q", "")[:200])


@bp.post("/clients/<int:client_id>/plan/diagnoses")
@counselors_only
def add_diagnosis(client_id: int) -> ResponseReturnValue:
    """Put a code into the plan; one that stands there already is opened instead."""
    client, plan, _ = my_plan(client_id)
    code = published().find(request.form.get("code", "")[:10]) or abort(404)
    known = next((each for each in plan.diagnoses if each.code == code.code), None)
    if known is None:
        known = Diagnosis(services.new_id(), code.code, code.name, published().release, since_on=today())
        added = known
        chart = keys.chart_of(counselor=current_person(), client=client, now=now())
        services.save(chart, lambda plan: document.diagnose(plan, added), author=current_person(), now=now())
        db.session.commit()
    return redirect(url_for("notes.diagnosis", client_id=client_id, diagnosis_id=known.id), 303)


@bp.get("/clients/<int:client_id>/plan/diagnoses/<diagnosis_id>")
@counselors_only
def diagnosis(client_id: int, diagnosis_id: str) -> ResponseReturnValue:
    """Show a diagnosis and what is said of it."""
    _, plan, _ = my_plan(client_id)
    shown = _diagnosis(plan, diagnosis_id)
    since = shown.since_on.isoformat() if shown.since_on else ""
    return _page(client_id, plan, shown, forms.blank(standing=shown.standing, since_on=since, remark=shown.remark))


@bp.post("/clients/<int:client_id>/plan/diagnoses/<diagnosis_id>")
@counselors_only
def change_diagnosis(client_id: int, diagnosis_id: str) -> ResponseReturnValue:
    """Keep how sure a diagnosis is, since when, and a remark."""
    _, plan, _ = my_plan(client_id)
    before = _diagnosis(plan, diagnosis_id)
    form = DiagnosisForm.parse(request.form)
    if isinstance(form, Errors):
        return _page(client_id, plan, before, form), 422
    after = replace(before, standing=form.standing, since_on=form.since_on, remark=form.remark)
    return _saved(client_id, lambda plan: document.diagnose(plan, after), "Saved.")


@bp.post("/clients/<int:client_id>/plan/diagnoses/<diagnosis_id>/place")
@counselors_only
def put_diagnosis_first(client_id: int, diagnosis_id: str) -> ResponseReturnValue:
    """Make a diagnosis the principal one."""
    _diagnosis(my_plan(client_id)[1], diagnosis_id)
    return _saved(client_id, lambda plan: document.put_first(plan, diagnosis_id), "It stands first now.")


@bp.post("/clients/<int:client_id>/plan/diagnoses/<diagnosis_id>/removal")
@counselors_only
def remove_diagnosis(client_id: int, diagnosis_id: str) -> ResponseReturnValue:
    """Take out a diagnosis that was entered by mistake."""
    _diagnosis(my_plan(client_id)[1], diagnosis_id)
    return _saved(
        client_id, lambda plan: document.take_out(plan, diagnosis_id), "Taken out. Earlier states of the plan keep it."
    )


def _diagnosis(plan: Plan, diagnosis_id: str) -> Diagnosis:
    try:
        return plan.diagnosis(diagnosis_id)
    except UnknownLineError:
        abort(404)


def _saved(client_id: int, change: Change, said: str) -> ResponseReturnValue:
    services.save(my_chart(client_id), change, author=current_person(), now=now())
    db.session.commit()
    flash(said, "good")
    return redirect(url_for("notes.plan", client_id=client_id), 303)


def _search_page(client_id: int, asked: str) -> str:
    everywhere = request.form.get("everywhere") == "1"
    part = "HX-Request" in request.headers
    return render_template(
        "notes/plans/found.html" if part else "notes/plans/find_diagnosis.html",
        client=my_client(client_id),
        asked=asked,
        everywhere=everywhere,
        found=search(asked, everywhere=everywhere),
        form=forms.blank(q=asked, everywhere="1" if everywhere else ""),
        release=published().release,
        count=len(published()),
    )


def _page(client_id: int, plan: Plan, shown: Diagnosis, form: Errors) -> str:
    return render_template(
        "notes/plans/diagnosis.html",
        client=my_client(client_id),
        diagnosis=shown,
        form=form,
        standings=STANDINGS,
        is_first=plan.diagnoses[0] is shown,
    )
