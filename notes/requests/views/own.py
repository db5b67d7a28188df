"""A client's requests: made with a tap or some words, seen as they stand, taken back, disagreed about."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.models import Chart
from notes.requests import queries, services
from notes.requests.clocks import KINDS, Standing, clock_of, law_of
from notes.requests.forms import WORDED, Reason, Wish
from notes.requests.models import RecordRequest
from notes.requests.services import RequestError
from notes.requests.wording import GROUNDS, NAMES, NOUNS, REVIEWED, STATES
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import clients_only, current_person


@bp.get("/account/requests")
@clients_only
def own_requests() -> ResponseReturnValue:
    """Say what a client may ask, and show what they asked."""
    person = current_person()
    return render_template(
        "notes/requests/own.html",
        requests=queries.of_client(person),
        charts=queries.charts_of(person),
        names=NAMES,
        states=STATES,
        standing=_standing,
    )


@bp.get("/account/requests/new/<kind>")
@clients_only
def new_request(kind: str) -> ResponseReturnValue:
    """Ask for the words of a request."""
    return _new_page(_known(kind), forms.blank())


@bp.post("/account/requests/new/<kind>")
@clients_only
def make_request(kind: str) -> ResponseReturnValue:
    """Take a request; about every counselor's chart unless one is chosen."""
    person, now = current_person(), ports().clock.now()
    wish = Wish.parse(request.form, _known(kind), queries.charts_of(person))
    if isinstance(wish, Errors):
        return _new_page(kind, wish), 422
    if kind in WORDED and not wish.charts:
        abort(404)
    charts: Sequence[Chart | None] = wish.charts or [None]
    for chart in charts:
        services.ask(client=person, kind=kind, chart=chart, text=wish.text if chart else "", now=now)
    db.session.commit()
    flash("We have your request. You see here how it stands, and we write to you when there is an answer.", "good")
    return redirect(url_for("notes.own_requests"), 303)


@bp.get("/account/requests/<int:request_id>")
@clients_only
def own_request(request_id: int) -> ResponseReturnValue:
    """Show one request with every word of it."""
    found = _mine(request_id)
    audit.record_aside(
        "request.viewed", person_id=current_person().id, subject=("request", found.id), about=found.client_id
    )
    return _page(found, forms.blank())


@bp.post("/account/requests/<int:request_id>/withdrawal")
@clients_only
def withdraw_request(request_id: int) -> ResponseReturnValue:
    """Take a request back."""
    try:
        services.withdraw(_mine(request_id), now=ports().clock.now())
    except RequestError as error:
        return _too_late(error, request_id)
    db.session.commit()
    flash("Your request is taken back. You can ask again whenever you like.", "good")
    return redirect(url_for("notes.own_request", request_id=request_id), 303)


@bp.post("/account/requests/<int:request_id>/disagreement")
@clients_only
def disagree_with_answer(request_id: int) -> ResponseReturnValue:
    """Keep a statement of disagreement with the record."""
    found = _mine(request_id)
    statement = Reason.parse(request.form, "statement", "Write what you disagree with, and why.")
    if isinstance(statement, Errors):
        return _page(found, statement), 422
    try:
        services.disagree(found, statement.text, now=ports().clock.now())
    except RequestError as error:
        return _too_late(error, request_id)
    db.session.commit()
    flash("Your statement belongs to your record now and goes with it.", "good")
    return redirect(url_for("notes.own_request", request_id=request_id), 303)


def _known(kind: str) -> str:
    return kind if kind in KINDS else abort(404)


def _mine(request_id: int) -> RecordRequest:
    return queries.one_of_client(current_person(), request_id) or abort(404)


def _standing(found: RecordRequest) -> Standing:
    return Standing.of(found.due_on, queries.today(ports().clock.now()))


def _new_page(kind: str, form: Errors) -> str:
    practice = the_practice()
    law = law_of(practice.country)
    due_on = clock_of(law, kind).due(queries.today(ports().clock.now()))
    person = current_person()
    return render_template(
        "notes/requests/new.html",
        kind=kind,
        form=form,
        charts=queries.charts_of(person),
        asked=len(queries.of_client(person)),
        due_on=due_on,
        worded=WORDED,
    )


def _page(found: RecordRequest, form: Errors) -> str:
    said = services.opened(found)
    return render_template(
        "notes/requests/own_one.html",
        request=found,
        said=said,
        form=form,
        noun=NOUNS[found.kind],
        name=NAMES[found.kind],
        grounds=GROUNDS[found.kind],
        reviewed=REVIEWED,
        states=STATES,
        standing=_standing(found),
        may_disagree=services.may_disagree(found),
        practice=the_practice(),
    )


def _too_late(error: RequestError, request_id: int) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(error), "info")
    return redirect(url_for("notes.own_request", request_id=request_id), 303)
