"""A counselor sees who reads their charts, lends them to a colleague, hands them over, and takes them back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.custody.models import COVER, SUCCESSOR, SUPERVISOR
from notes.lending import queries, services
from notes.lending.forms import ALL, HAND_OVER, LEND, LendingForm
from notes.lending.services import LendingError
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person

ROLES = {
    SUPERVISOR: ("Supervises you", "user-check"),
    COVER: ("Covers for you", "clock"),
    SUCCESSOR: ("Took over", "check"),
}


@bp.get("/charts/readers")
@counselors_only
def readers() -> ResponseReturnValue:
    """Show who can read this counselor's charts, and what was lent to this counselor."""
    person, now = current_person(), ports().clock.now()
    found = queries.readers_of(person, now=now)
    return render_template(
        "notes/lending/readers.html",
        readers=found,
        shut_out=queries.shut_out(found),
        may_end={row.id for reader in found for row in reader.accesses if queries.may_end(row, person)},
        lent=queries.lent_to(person, now=now),
        charts=len(queries.charts_in_hand(person)),
        roles=ROLES,
    )


@bp.get("/charts/readers/new")
@counselors_only
def lend_charts() -> ResponseReturnValue:
    """Ask to whom charts are lent or handed over."""
    kind = HAND_OVER if request.args.get("as") == HAND_OVER else LEND
    return _form_page(forms.blank(kind=kind, reach=ALL))


@bp.post("/charts/readers/new")
@counselors_only
def lend() -> ResponseReturnValue:
    """Lend charts, or hand them over."""
    person, now = current_person(), ports().clock.now()
    colleagues = {each.id: each for each in queries.colleagues(person)}
    charts = {chart.id: chart for chart in queries.charts_in_hand(person)}
    today = local(now, person.zone).date()
    form = LendingForm.parse(request.form, colleagues=colleagues, charts=charts, today=today)
    if isinstance(form, Errors):
        return _form_page(form), 422
    colleague = colleagues[form.colleague_id]
    chosen = [charts[number] for number in form.chart_ids]
    try:
        count = services.lend(chosen, colleague, kind=form.kind, by=person, ends_on=form.ends_on, now=now)
    except LendingError as error:
        db.session.rollback()
        return _form_page(forms.refused(request.form, colleague=str(error))), 409
    db.session.commit()
    flash(f"{colleague.name} can read {'1 chart' if count == 1 else f'{count} charts'} of yours now.", "good")
    return redirect(url_for("notes.readers"), 303)


@bp.post("/charts/readers/<int:person_id>/end")
@counselors_only
def end_reader(person_id: int) -> ResponseReturnValue:
    """Take back everything a colleague was lent or handed over by this counselor, or of this counselor's charts."""
    person, now = current_person(), ports().clock.now()
    theirs = [
        row
        for reader in queries.readers_of(person, now=now)
        for row in reader.accesses
        if row.person_id == person_id and queries.may_end(row, person)
    ]
    if not theirs:
        abort(404)
    services.end(theirs, by=person, now=now)
    db.session.commit()
    flash(f"{theirs[0].person.name} no longer reads these charts. What you write from now on has new keys.", "good")
    return redirect(url_for("notes.readers"), 303)


@bp.post("/charts/accesses/<int:access_id>/end")
@counselors_only
def end_access(access_id: int) -> ResponseReturnValue:
    """Take one chart back."""
    person, now = current_person(), ports().clock.now()
    row = queries.access_for(person, access_id, now=now) or abort(404)
    services.end([row], by=person, now=now)
    db.session.commit()
    flash(f"{row.person.name} no longer reads this chart. What you write from now on has new keys.", "good")
    return redirect(url_for("notes.readers"), 303)


def _form_page(form: Errors) -> str:
    person = current_person()
    return render_template(
        "notes/lending/lend.html",
        form=form,
        for_good=form.values.get("kind") == HAND_OVER,
        colleagues=[(each.id, each.name) for each in queries.colleagues(person)],
        charts=[(chart.id, chart.client.name) for chart in queries.charts_in_hand(person)],
        unsigned=queries.unsigned(person),
        today=local(ports().clock.now(), person.zone).date(),
    )
