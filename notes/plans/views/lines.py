"""Writing a plan: its lines, how they stand, and the frame around them."""

from dataclasses import replace
from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import keys
from notes.plans import document, links, services
from notes.plans.document import Line, Plan, Review, UnknownLineError
from notes.plans.forms import FrameForm, LineForm, ReviewForm
from notes.plans.services import Change, PlanMovedOnError
from notes.plans.views.pages import HINTS, LABELS, STATUSES, my_chart, my_client, my_plan, now, today
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.security import counselors_only, current_person

REVIEWED_EVERY = timedelta(days=90)


@bp.get("/clients/<int:client_id>/plan/lines/new")
@counselors_only
def new_plan_line(client_id: int) -> ResponseReturnValue:
    """Ask for a new line: a problem, or what goes under a line."""
    _, plan, version = my_plan(client_id)
    under = request.args.get("under", "")
    kind = _kind_under(plan, under)
    again = today() + REVIEWED_EVERY if kind in {document.GOAL, document.OBJECTIVE} else None
    form = forms.blank(kind=kind, under=under, base=version, review_on=again.isoformat() if again else "")
    return _new_page(client_id, plan, form)


@bp.post("/clients/<int:client_id>/plan/lines")
@counselors_only
def add_plan_line(client_id: int) -> ResponseReturnValue:
    """Put a line into the plan."""
    client, plan, _ = my_plan(client_id)
    form = LineForm.parse(request.form)
    if isinstance(form, Errors):
        return _new_page(client_id, plan, form), 422
    line = Line(
        services.new_id(),
        form.kind,
        form.text,
        under=form.under,
        opened_on=today(),
        target_on=form.target_on,
        review_on=form.review_on,
    )
    chart = keys.chart_of(counselor=current_person(), client=client, now=now())
    try:
        services.save(chart, lambda plan: document.add(plan, line), author=current_person(), now=now())
    except UnknownLineError:
        db.session.rollback()
        gone = "What this should stand under is not in the plan any more."
        return _new_page(client_id, plan, forms.refused(request.form, text=gone)), 409
    db.session.commit()
    return _back(client_id, line.id)


@bp.get("/clients/<int:client_id>/plan/lines/<line_id>")
@counselors_only
def plan_line(client_id: int, line_id: str) -> ResponseReturnValue:
    """Show one line: its words, how it stood over time, and what can be done."""
    _, plan, version = my_plan(client_id)
    line = _line(plan, line_id)
    return _line_page(client_id, plan, line, _filled(line, version), _unsaid(line, version))


@bp.post("/clients/<int:client_id>/plan/lines/<line_id>")
@counselors_only
def change_plan_line(client_id: int, line_id: str) -> ResponseReturnValue:
    """Change the words or days of a line."""
    _, plan, version = my_plan(client_id)
    line = _line(plan, line_id)
    form = LineForm.parse(request.form)
    if isinstance(form, Errors):
        return _line_page(client_id, plan, line, form, _unsaid(line, version)), 422
    changed = replace(line, text=form.text, target_on=form.target_on, review_on=form.review_on)
    try:
        _save(client_id, line_id, form.base, lambda plan: document.change(plan, changed))
    except PlanMovedOnError as moved:
        refused = forms.refused(request.form, text=str(moved))
        return _line_page(client_id, plan, line, _rebased(refused, version), _unsaid(line, version)), 409
    flash("Saved.", "good")
    return _back(client_id, line_id)


@bp.post("/clients/<int:client_id>/plan/lines/<line_id>/reviews")
@counselors_only
def review_plan_line(client_id: int, line_id: str) -> ResponseReturnValue:
    """Keep how a line stands today."""
    _, plan, version = my_plan(client_id)
    line = _line(plan, line_id)
    form = ReviewForm.parse(request.form)
    if isinstance(form, Errors):
        return _line_page(client_id, plan, line, _filled(line, version), form), 422
    seen = Review(today(), form.status, form.words)
    try:
        _save(
            client_id,
            line_id,
            form.base,
            lambda plan: document.review(plan, line_id, seen, next_on=form.next_on),
            deed="reviewed",
        )
    except PlanMovedOnError as moved:
        refused = forms.refused(request.form, words=str(moved))
        return _line_page(client_id, plan, line, _filled(line, version), _rebased(refused, version)), 409
    flash("The review is kept.", "good")
    return _back(client_id, line_id)


@bp.post("/clients/<int:client_id>/plan/lines/<line_id>/place")
@counselors_only
def raise_plan_line(client_id: int, line_id: str) -> ResponseReturnValue:
    """Move a line up by one."""
    _line(my_plan(client_id)[1], line_id)
    services.save(
        my_chart(client_id), lambda plan: document.raise_line(plan, line_id), author=current_person(), now=now()
    )
    db.session.commit()
    return _back(client_id, line_id)


@bp.post("/clients/<int:client_id>/plan/lines/<line_id>/removal")
@counselors_only
def remove_plan_line(client_id: int, line_id: str) -> ResponseReturnValue:
    """Take out a line that was written by mistake."""
    _line(my_plan(client_id)[1], line_id)
    services.save(my_chart(client_id), lambda plan: document.remove(plan, line_id), author=current_person(), now=now())
    db.session.commit()
    flash("Taken out. Earlier states of the plan keep it.", "good")
    return redirect(url_for("notes.plan", client_id=client_id), 303)


@bp.get("/clients/<int:client_id>/plan/frame")
@counselors_only
def plan_frame(client_id: int) -> ResponseReturnValue:
    """Ask for the frame around the work."""
    client, plan, _ = my_plan(client_id)
    return render_template("notes/plans/frame.html", client=client, form=forms.blank(**plan.frame))


@bp.post("/clients/<int:client_id>/plan/frame")
@counselors_only
def change_plan_frame(client_id: int) -> ResponseReturnValue:
    """Keep the frame around the work."""
    client = my_client(client_id)
    form = FrameForm.parse(request.form)
    if isinstance(form, Errors):
        return render_template("notes/plans/frame.html", client=client, form=form), 422
    chart = keys.chart_of(counselor=current_person(), client=client, now=now())
    services.save(chart, lambda plan: replace(plan, frame=form.frame), author=current_person(), now=now())
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for("notes.plan", client_id=client_id), 303)


def _line(plan: Plan, line_id: str) -> Line:
    try:
        return plan.line(line_id)
    except UnknownLineError:
        abort(404)


def _kind_under(plan: Plan, under: str) -> str:
    if not under:
        return document.PROBLEM
    above = _line(plan, under).kind
    return next((kind for kind, stands in document.UNDER.items() if stands == above), None) or abort(404)


def _save(client_id: int, line_id: str, base: int, change: Change, *, deed: str = "changed") -> None:
    chart = my_chart(client_id)
    checked = services.unmoved(chart, line_id, base, change)
    try:
        services.save(chart, checked, author=current_person(), now=now(), deed=deed)
    except PlanMovedOnError:
        db.session.rollback()
        raise
    db.session.commit()


def _filled(line: Line, version: int) -> Errors:
    days = {name: day.isoformat() if day else "" for name, day in _days(line).items()}
    return forms.blank(kind=line.kind, under=line.under, text=line.text, base=version, **days)


def _days(line: Line) -> dict[str, date | None]:
    return {"target_on": line.target_on, "review_on": line.review_on}


def _unsaid(line: Line, version: int) -> Errors:
    again = today() + REVIEWED_EVERY
    return forms.blank(status=line.status, next_on=again.isoformat(), base=version)


def _rebased(form: Errors, version: int) -> Errors:
    return Errors({**form.values, "base": version}, form.messages)


def _new_page(client_id: int, plan: Plan, form: Errors) -> str:
    under = str(form.values.get("under", ""))
    above = [*plan.path(_line(plan, under)), _line(plan, under)] if under in {line.id for line in plan.lines} else []
    return render_template(
        "notes/plans/new_line.html", client=my_client(client_id), form=form, above=above, labels=LABELS, hints=HINTS
    )


def _line_page(client_id: int, plan: Plan, line: Line, form: Errors, review: Errors) -> str:
    client = my_client(client_id)
    return render_template(
        "notes/plans/line.html",
        client=client,
        line=line,
        worked_on=links.notes_on(line.id, counselor=current_person(), client=client),
        above=plan.path(line),
        form=form,
        review=review,
        labels=LABELS,
        hints=HINTS,
        statuses=STATUSES,
        is_first=next(each for each in plan.lines if each.under == line.under) is line,
    )


def _back(client_id: int, line_id: str) -> ResponseReturnValue:
    return redirect(url_for("notes.plan", client_id=client_id, _anchor=f"line-{line_id}"), 303)
