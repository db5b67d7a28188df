"""Pages of the time of records: what is due, one chart's time and holds, its end, the rules, the certificate."""

from collections.abc import Callable

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.models import Chart
from notes.requests.queries import today
from notes.retention import erasing, queries, services
from notes.retention.exceptions import WORDS as EXCEPTIONS
from notes.retention.forms import Description, ExceptionForm, HoldForm, RuleForm
from notes.retention.rules import UNTIL_AGE, YEARS
from notes.retention.services import RetentionError
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.security import administrators_only, current_person
from practice.views.pages import pages_of, wanted_page, words_asked

SHOWN = ((queries.DUE, "Time is over"), (queries.HELD, "Held"), (queries.ALL, "All"))


@bp.get("/retention")
@administrators_only
def retention() -> ResponseReturnValue:
    """List the records whose time is over, for review; or those that are held, or all."""
    words, show = words_asked("q"), request.args.get("show", queries.DUE)
    show = show if show in dict(SHOWN) else queries.DUE
    found = queries.listed(now=ports().clock.now(), show=show, words=words, page=wanted_page())
    kept = {name: value for name, value in (("q", words), ("show", show)) if value and value != queries.DUE}
    return render_template(
        "notes/retention/list.html",
        found=found,
        pages=pages_of("notes.retention", found.number, found.pages, kept),
        q=words,
        show=show,
        shown=SHOWN,
        erasures=queries.erasures(),
    )


@bp.get("/retention/charts/<int:chart_id>")
@administrators_only
def chart_keeping(chart_id: int) -> ResponseReturnValue:
    """Show how long one record is kept and why."""
    chart = _chart(chart_id)
    audit.record_aside(
        "retention.viewed",
        person_id=current_person().id,
        subject=("chart", chart.id),
        about=chart.client_id,
        acting="administrator",
    )
    return _page(chart, forms.blank())


@bp.post("/retention/charts/<int:chart_id>")
@administrators_only
def describe_chart(chart_id: int) -> ResponseReturnValue:
    """Say whose rule it is under, and when the client was born."""
    chart = _chart(chart_id)
    form = Description.parse(request.form, queries.rules(), today=today(ports().clock.now()))
    if isinstance(form, Errors):
        return _page(chart, form), 422
    services.describe(chart, rule=form.rule, born_on=form.born_on, by=current_person())
    db.session.commit()
    flash("Saved.", "good")
    return redirect(url_for("notes.chart_keeping", chart_id=chart.id), 303)


@bp.post("/retention/charts/<int:chart_id>/hold")
@administrators_only
def hold_chart(chart_id: int) -> ResponseReturnValue:
    """Put a legal hold on a record."""
    chart = _chart(chart_id)
    form = HoldForm.parse(request.form)
    if isinstance(form, Errors):
        return _page(chart, form), 422
    by, now = current_person(), ports().clock.now()
    return _do(
        chart_id,
        "Nothing of this record can be destroyed until you release it.",
        lambda: services.place_hold(chart, form.reason, by=by, now=now),
    )


@bp.post("/retention/charts/<int:chart_id>/hold/end")
@administrators_only
def release_chart(chart_id: int) -> ResponseReturnValue:
    """Release the hold that stands."""
    hold = queries.standing_hold(_chart(chart_id)) or abort(404)
    by, now = current_person(), ports().clock.now()
    return _do(chart_id, "The hold is released.", lambda: services.release_hold(hold, by=by, now=now))


@bp.post("/retention/charts/<int:chart_id>/review")
@administrators_only
def agree_to_destroy(chart_id: int) -> ResponseReturnValue:
    """Agree that a record may be destroyed."""
    chart, by, now = _chart(chart_id), current_person(), ports().clock.now()
    return _do(
        chart_id,
        "Your agreement is kept. Somebody else now destroys the record.",
        lambda: services.review(chart, by=by, now=now),
    )


@bp.post("/retention/charts/<int:chart_id>/review/end")
@administrators_only
def keep_the_record(chart_id: int) -> ResponseReturnValue:
    """Take back that a record may be destroyed."""
    chart, by = _chart(chart_id), current_person()
    return _do(
        chart_id, "The record is kept. Put a hold on it if it has to stay.", lambda: services.take_back(chart, by=by)
    )


@bp.post("/retention/charts/<int:chart_id>/exception")
@administrators_only
def end_before_its_day(chart_id: int) -> ResponseReturnValue:
    """Agree that a record may be destroyed before its day, on a ground the law knows."""
    chart = _chart(chart_id)
    form = ExceptionForm.parse(request.form)
    if isinstance(form, Errors):
        return _page(chart, form), 422
    by, now = current_person(), ports().clock.now()
    return _do(
        chart_id,
        "Your agreement is kept with its ground. Somebody else now looks at it.",
        lambda: services.make_exception(chart, form.exception, form.reason, by=by, now=now),
    )


@bp.post("/retention/charts/<int:chart_id>/erasure")
@administrators_only
def erase_chart(chart_id: int) -> ResponseReturnValue:
    """Destroy a record's keys and issue the certificate."""
    chart, by, now = _chart(chart_id), current_person(), ports().clock.now()
    if request.form.get("sure") != "1":
        return _page(chart, forms.refused(request.form, sure="Tick that you know it cannot be undone.")), 422
    return _do(
        chart_id, "The record is erased. Its certificate is below.", lambda: erasing.erase(chart, by=by, now=now)
    )


@bp.get("/retention/erasures/<int:erasure_id>.pdf")
@administrators_only
def erasure_certificate_pdf(erasure_id: int) -> ResponseReturnValue:
    """Give the certificate of an erasure as it was issued."""
    row = queries.erasure(erasure_id) or abort(404)
    audit.record_aside(
        "erasure.exported", person_id=current_person().id, subject=("erasure", row.id), about=row.chart.client_id
    )
    answer = Response(row.document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="erasure-{row.id}.pdf"'
    return answer


@bp.get("/retention/rules")
@administrators_only
def retention_rules() -> ResponseReturnValue:
    """Show how long each place wants records kept."""
    return _rules_page(forms.blank(years=YEARS, until_age=UNTIL_AGE))


@bp.post("/retention/rules")
@administrators_only
def set_retention_rule() -> ResponseReturnValue:
    """Set the rule of a place, or the usual one."""
    form = RuleForm.parse(request.form)
    if isinstance(form, Errors):
        return _rules_page(form), 422
    services.set_rule(
        place=form.place,
        years=form.years,
        until_age=form.until_age,
        source=form.source,
        by=current_person(),
        now=ports().clock.now(),
    )
    db.session.commit()
    flash("Saved. Every record under it has its new day.", "good")
    return redirect(url_for("notes.retention_rules"), 303)


def _chart(chart_id: int) -> Chart:
    return queries.chart(chart_id) or abort(404)


def _do(chart_id: int, said: str, deed: Callable[[], object]) -> ResponseReturnValue:
    try:
        deed()
    except (RetentionError, PrintingError) as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash(said, "good")
    return redirect(url_for("notes.chart_keeping", chart_id=chart_id), 303)


def _page(chart: Chart, form: Errors) -> str:
    keeping = queries.keeping_of(chart, now=ports().clock.now())
    row, me = keeping.row, current_person()
    shown = {"rule": row.rule_id if row else "", "born_on": keeping.born_on or "", **form.values}
    return render_template(
        "notes/retention/one.html",
        keeping=keeping,
        form=Errors(shown, form.messages),
        rules=queries.rules(),
        holds=queries.holds_of(chart),
        erasures=queries.erasures(chart=chart),
        exceptions=EXCEPTIONS,
        may_erase=keeping.is_reviewed
        and (not services.has_agreed(keeping, me) or not services.somebody_else_could(me, chart)),
    )


def _rules_page(form: Errors) -> str:
    return render_template(
        "notes/retention/rules.html", form=form, rules=queries.rules(), years=YEARS, until_age=UNTIL_AGE
    )
