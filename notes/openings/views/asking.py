"""Ask somebody outside the care team why they open a chart, before they see a word of it."""

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from notes.custody.models import Access
from notes.lending import queries as lending
from notes.openings import queries, rules, services
from notes.openings.forms import ReasonForm
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.destinations import local_path
from practice.security import counselors_only, current_person, current_sign_in_id


def reason_of(access: Access, *, now: datetime) -> str | None:
    """Return why whoever asks reads a chart just now; None when they have to say so first."""
    standing = rules.reason_in_team(queries.ties_of(access, now=now))
    if standing:
        return standing
    given = queries.of_sitting(access.chart_id, access.person_id, current_sign_in_id(), now=now)
    return given.reason if given else None


def ask_first(access: Access, onward: str = "") -> Response:
    """Lead to the question, and from there onward: to where one was going, by default."""
    onward = onward or request.full_path.rstrip("?")
    return redirect(url_for("notes.chart_reason", chart_id=access.chart_id, next=onward), 303)


@bp.get("/charts/lent/<int:chart_id>/reason")
@counselors_only
def chart_reason(chart_id: int) -> ResponseReturnValue:
    """Ask why, or go on where a reason stands already."""
    access = _access(chart_id)
    if reason_of(access, now=ports().clock.now()):
        return redirect(_onward(access), 303)
    return _page(access, forms.blank())


@bp.post("/charts/lent/<int:chart_id>/reason")
@counselors_only
def give_chart_reason(chart_id: int) -> ResponseReturnValue:
    """Keep the reason for this sitting, and open the chart."""
    access, now = _access(chart_id), ports().clock.now()
    form = ReasonForm.parse(request.form)
    if isinstance(form, Errors):
        return _page(access, form), 422
    if reason_of(access, now=now) is None:
        services.open_for(access, form.reason, sign_in_id=current_sign_in_id(), now=now)
        db.session.commit()
    return redirect(_onward(access), 303)


def _access(chart_id: int) -> Access:
    return lending.lent_chart(current_person(), chart_id, now=ports().clock.now()) or abort(404)


def _onward(access: Access) -> str:
    return local_path(request.values.get("next")) or url_for("notes.lent_chart", chart_id=access.chart_id)


def _page(access: Access, form: Errors) -> str:
    return render_template(
        "notes/openings/reason.html",
        access=access,
        chart=access.chart,
        form=form,
        reasons=rules.REASONS,
        onward=_onward(access),
    )
