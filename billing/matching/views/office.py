"""The match on a page: both sides beside each other, and every difference with what to do."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from billing.matching import queries, services
from billing.matching.kinds import KINDS
from billing.matching.models import Difference
from billing.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors, Reader
from practice.core.money import Money
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import current_person, office_only


@bp.get("/match")
@office_only
def match() -> ResponseReturnValue:
    """Show what the last run found."""
    return _page()


@bp.post("/match/runs")
@office_only
def run_match() -> ResponseReturnValue:
    """Run the match now."""
    made = services.run(ports().payments, now=ports().clock.now())
    flash(made.problem or "Card company, books and appointments are compared.", "wait" if made.problem else "good")
    return redirect(url_for("billing.match"), 303)


@bp.get("/match/<int:difference_id>")
@office_only
def difference(difference_id: int) -> ResponseReturnValue:
    """Show one difference and ask what it is."""
    found = queries.difference(difference_id) or abort(404)
    return _one(found, forms.blank(note=found.note or ""))


@bp.post("/match/<int:difference_id>")
@office_only
def explain_difference(difference_id: int) -> ResponseReturnValue:
    """Write down what a difference is."""
    found = queries.difference(difference_id) or abort(404)
    reader = Reader(request.form)
    note = reader.text("note", most=500, least=3, missing="Write what it is, for whoever asks in a year.")
    if wrong := reader.errors:
        return _one(found, wrong), 422
    try:
        services.explain(found, note, by=current_person(), now=ports().clock.now())
    except services.AlreadyGoneError:
        db.session.rollback()
        flash("This difference is gone by itself.", "info")
        return redirect(url_for("billing.match"), 303)
    db.session.commit()
    flash("Written down.", "good")
    return redirect(url_for("billing.match"), 303)


def _page() -> str:
    run = queries.latest()
    return render_template(
        "billing/match/match.html",
        run=run,
        totals=[
            {name: Money(each[name], each["currency"]) for name in ("held", "booked", "itemised", "gap")}
            for each in (run.totals if run else [])
        ],
        open=queries.to_explain(),
        explained=queries.explained(),
        kinds=KINDS,
        zone=the_practice().zone,
    )


def _one(found: Difference, form: Errors) -> str:
    return render_template(
        "billing/match/difference.html",
        difference=found,
        kind=KINDS[found.kind],
        form=form,
        zone=the_practice().zone,
    )
