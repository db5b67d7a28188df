"""The practice's desk of requests for administrators: who is to answer whom by when, and not a word of it."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notes.requests import queries, services
from notes.requests.clocks import Standing, clock_of
from notes.requests.models import GRANTED, RecordRequest
from notes.requests.services import RequestError
from notes.requests.views.desk import desk_page
from notes.requests.wording import NOUNS, STATES
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.db import db
from practice.core.ports import ports
from practice.queries import people
from practice.security import administrators_only, current_person


@bp.get("/requests/practice")
@administrators_only
def practice_requests() -> ResponseReturnValue:
    """Show every request with its clock, what is due first on top."""
    return desk_page("notes.practice_requests", "notes.practice_request", counselor=None)


@bp.get("/requests/practice/<int:request_id>")
@administrators_only
def practice_request(request_id: int) -> ResponseReturnValue:
    """Show how a request stands and who is to answer it."""
    found, now = _found(request_id), ports().clock.now()
    audit.record_aside(
        "request.viewed",
        person_id=current_person().id,
        subject=("request", found.id),
        about=found.client_id,
        acting="administrator",
    )
    return render_template(
        "notes/requests/office_one.html",
        request=found,
        noun=NOUNS[found.kind],
        states=STATES,
        clock=clock_of(found.law, found.kind),
        standing=Standing.of(found.due_on, queries.today(now)),
        answerers=[people.person(person_id) for person_id in queries.answerers(found, now=now)],
    )


@bp.post("/requests/practice/<int:request_id>/answer")
@administrators_only
def say_nothing_is_kept(request_id: int) -> ResponseReturnValue:
    """Answer a request of somebody about whom no counselor keeps a chart."""
    found = _found(request_id)
    if found.chart_id:
        abort(404)
    try:
        services.answer(found, GRANTED, "", by=current_person(), now=ports().clock.now())
    except RequestError as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash("The client reads that no counselor keeps a record on them.", "good")
    return redirect(url_for("notes.practice_request", request_id=found.id), 303)


def _found(request_id: int) -> RecordRequest:
    return queries.one(request_id) or abort(404)
