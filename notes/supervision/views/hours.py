"""Hours of supervision: written down by one, confirmed by the other, added up, and taken along."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.supervision import queries, rules, services
from notes.supervision.forms import HoursForm
from notes.supervision.models import Supervision, SupervisionHour
from notes.supervision.services import SupervisionError
from notes.supervision.views.pages import FORMATS, my_supervision, now, today
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.queries.people import the_practice
from practice.security import counselors_only, current_person
from practice.sheets import csv_response


@bp.get("/supervision/<int:supervision_id>/hours")
@counselors_only
def supervision_hours(supervision_id: int) -> ResponseReturnValue:
    """Show the log of a supervision's hours."""
    return _page(
        my_supervision(supervision_id), forms.blank(met_on=today().isoformat(), minutes=60, format="individual")
    )


@bp.post("/supervision/<int:supervision_id>/hours")
@counselors_only
def note_supervision_hours(supervision_id: int) -> ResponseReturnValue:
    """Write down time spent together."""
    supervision = my_supervision(supervision_id)
    form = HoursForm.parse(request.form, today=today())
    if isinstance(form, Errors):
        return _page(supervision, form), 422
    services.note_hours(
        supervision, met_on=form.met_on, minutes=form.minutes, form=form.format, by=current_person(), now=now()
    )
    db.session.commit()
    flash(f"Written down. {_other(supervision)} confirms it.", "good")
    return redirect(url_for("notes.supervision_hours", supervision_id=supervision.id), 303)


@bp.post("/supervision/<int:supervision_id>/hours/<int:entry_id>/confirmation")
@counselors_only
def confirm_supervision_hours(supervision_id: int, entry_id: int) -> ResponseReturnValue:
    """Confirm what the other one wrote down."""
    return _settled(supervision_id, entry_id, withdraws=False)


@bp.post("/supervision/<int:supervision_id>/hours/<int:entry_id>/withdrawal")
@counselors_only
def withdraw_supervision_hours(supervision_id: int, entry_id: int) -> ResponseReturnValue:
    """Take an entry out that nobody has confirmed."""
    return _settled(supervision_id, entry_id, withdraws=True)


@bp.get("/supervision/<int:supervision_id>/hours.csv")
@counselors_only
def supervision_hours_csv(supervision_id: int) -> ResponseReturnValue:
    """Give the log as a table."""
    supervision = my_supervision(supervision_id)
    formats = dict(FORMATS)
    rows = [
        (
            row.met_on.isoformat(),
            row.minutes,
            formats[row.format],
            row.entered_by.name,
            row.confirmed_at.date().isoformat() if row.confirmed_at else "",
        )
        for row in reversed(queries.hours_of(supervision))
    ]
    _exported(supervision)
    return csv_response("supervision-hours.csv", ("Day", "Minutes", "Format", "Written down by", "Confirmed on"), rows)


@bp.get("/supervision/<int:supervision_id>/hours.pdf")
@counselors_only
def supervision_hours_pdf(supervision_id: int) -> ResponseReturnValue:
    """Print the log with a line for each to sign."""
    supervision = my_supervision(supervision_id)
    rows = [row for row in reversed(queries.hours_of(supervision)) if row.confirmed_at]
    page = render_template(
        "print/supervision_hours.html",
        practice=the_practice(),
        supervision=supervision,
        rows=rows,
        totals=queries.totals(rows),
        formats=dict(FORMATS),
        hours=rules.hours,
        today=today(),
    )
    try:
        printed = ports().printer.pdf(page, title="Supervision hours")
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.supervision_hours", supervision_id=supervision.id), 303)
    _exported(supervision)
    answer = Response(printed, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="supervision-hours.pdf"'
    return answer


def _settled(supervision_id: int, entry_id: int, *, withdraws: bool) -> ResponseReturnValue:
    supervision = my_supervision(supervision_id)
    row = db.session.get(SupervisionHour, entry_id)
    if row is None or row.supervision_id != supervision.id:
        abort(404)
    try:
        (services.withdraw_hours if withdraws else services.confirm_hours)(row, by=current_person(), now=now())
    except SupervisionError as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash("Taken out." if withdraws else "Confirmed.", "good")
    return redirect(url_for("notes.supervision_hours", supervision_id=supervision_id), 303)


def _page(supervision: Supervision, form: Errors) -> str:
    rows = queries.hours_of(supervision)
    return render_template(
        "notes/supervision/hours.html",
        supervision=supervision,
        other=_other(supervision),
        form=form,
        rows=rows,
        totals=queries.totals(rows),
        formats=FORMATS,
        hours=rules.hours,
        today=today(),
    )


def _other(supervision: Supervision) -> str:
    mine = supervision.supervisor_id == current_person().id
    return (supervision.supervisee if mine else supervision.supervisor).name


def _exported(supervision: Supervision) -> None:
    subject = ("supervision", supervision.id)
    audit.record_aside("supervision.hours_exported", person_id=current_person().id, subject=subject)
