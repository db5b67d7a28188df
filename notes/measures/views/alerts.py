"""A counselor sees an alert at once and writes down what was done; the practice sees those that stay unseen."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.custody import access
from notes.measures import alerts, panels, queries, sealing
from notes.measures.forms import Settlement
from notes.measures.models import MeasureAlert
from notes.measures.register import FREE
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.crisis import ordered
from practice.queries.people import the_practice
from practice.security import administrators_only, counselors_only, current_person


@bp.get("/alerts")
@counselors_only
def open_alerts() -> ResponseReturnValue:
    """Give the part of a page that shows what to look at now."""
    return panels.alerts_shown(floats="floats" in request.args, in_room="room" in request.args)


@bp.post("/alerts/<int:alert_id>/seen")
@counselors_only
def see_alert(alert_id: int) -> ResponseReturnValue:
    """Note that the counselor has heard, and lead to what it is about."""
    raised = _mine(alert_id)
    alerts.see(raised, by=current_person(), now=ports().clock.now())
    db.session.commit()
    return redirect(url_for("notes.alert", alert_id=raised.id), 303)


@bp.get("/alerts/<int:alert_id>")
@counselors_only
def alert(alert_id: int) -> ResponseReturnValue:
    """Show what was answered, how to reach the client, and what was done."""
    raised = _mine(alert_id)
    audit.record_aside(
        "measure.alert_viewed",
        person_id=current_person().id,
        subject=("measure_alert", raised.id),
        about=raised.chart.client_id,
        acting=_acting(raised),
        reason=None if _is_own(raised) else "alert",
    )
    return _page(raised, forms.blank())


@bp.post("/alerts/<int:alert_id>/settlement")
@counselors_only
def settle_alert(alert_id: int) -> ResponseReturnValue:
    """Write down what was done."""
    raised = _mine(alert_id)
    form = Settlement.parse(request.form)
    if isinstance(form, Errors):
        return _page(raised, form), 422
    try:
        alerts.settle(raised, deeds=form.deeds, words=form.words, by=current_person(), now=ports().clock.now())
    except alerts.AlreadySettledError as error:
        db.session.rollback()
        flash(str(error), "info")
        return redirect(url_for("notes.alert", alert_id=alert_id), 303)
    db.session.commit()
    flash("Written down. It stands with the answers and cannot be changed.", "good")
    return redirect(_chart_url(raised), 303)


@bp.post("/alerts/<int:alert_id>/taken-on")
@administrators_only
def take_on_alert(alert_id: int) -> ResponseReturnValue:
    """Note that the practice sees to it that the counselor hears."""
    raised = db.session.get(MeasureAlert, alert_id) or abort(404)
    if not raised.told_times:
        abort(404)
    alerts.take_on(raised, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Noted. You will not be told of it again; it stays on this page until it is seen.", "good")
    return redirect(url_for("practice.day"), 303)


def _mine(alert_id: int) -> MeasureAlert:
    return queries.alert_of(current_person(), alert_id, now=ports().clock.now()) or abort(404)


def _is_own(raised: MeasureAlert) -> bool:
    return raised.chart.counselor_id == current_person().id


def _acting(raised: MeasureAlert) -> str:
    beside = None if _is_own(raised) else access.standing(raised.chart, current_person())
    return beside.kind if beside else "counselor"


def _chart_url(raised: MeasureAlert) -> str:
    if _is_own(raised):
        return url_for("notes.measures", client_id=raised.chart.client_id)
    return url_for("notes.lent_chart", chart_id=raised.chart_id)


def _page(raised: MeasureAlert, form: Errors) -> str:
    number, answer = sealing.called_by(raised)
    done = sealing.settled(raised)
    return render_template(
        "notes/measures/alert.html",
        alert=raised,
        instrument=FREE[raised.asking.instrument],
        number=number,
        answer=answer,
        done=done,
        deeds=alerts.DEEDS,
        next_session=queries.next_session(raised.chart, ports().clock.now()),
        country=ordered(the_practice().country)[0],
        form=form,
        is_own=_is_own(raised),
        chart_url=_chart_url(raised),
    )
