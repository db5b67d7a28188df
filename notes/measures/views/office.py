"""An administrator decides which questionnaires the practice offers; those that are not free cannot be chosen."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.measures import offering, queries
from notes.measures.forms import HouseRules, rules_form
from notes.measures.register import CLOSED, FREE
from notes.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import administrators_only, current_person


@bp.get("/questionnaires")
@administrators_only
def questionnaires() -> ResponseReturnValue:
    """Show every questionnaire we know, with its licence and its rules."""
    return _page(rules_form([each.key for each in queries.offered()], queries.alert_minutes()))


@bp.post("/questionnaires")
@administrators_only
def choose_questionnaires() -> ResponseReturnValue:
    """Keep what the practice offers."""
    form = HouseRules.parse(request.form)
    if isinstance(form, Errors):
        return _page(form), 422
    offering.decide(
        offered=form.offered, alert_minutes=form.alert_minutes, by=current_person(), now=ports().clock.now()
    )
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for("notes.questionnaires"), 303)


def _page(form: Errors) -> str:
    return render_template("notes/measures/register.html", free=FREE.values(), closed=CLOSED, form=form)
