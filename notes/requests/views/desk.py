"""The desk of requests: a counselor's own, with every word; the practice's, with clocks and not a word."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.models import Note
from notes.papers.queries import signed_between
from notes.queries import client_of
from notes.requests import queries, services
from notes.requests.clocks import CORRECTION, KINDS, Standing, clock_of
from notes.requests.forms import Answer, Letter, Reason, ways
from notes.requests.models import OPEN, RecordRequest
from notes.requests.services import RequestError
from notes.requests.wording import GROUNDS, NOUNS, STATES, WAYS
from notes.retention import queries as retention
from notes.safety.queries import chart_between
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person, signed_in
from practice.views.pages import pages_of, wanted_page, words_asked

SHOWN = (("open", "Waiting"), ("settled", "Settled"), ("all", "All"))


@bp.get("/requests/start")
@signed_in
def requests_start() -> ResponseReturnValue:
    """Lead whoever follows a letter to the desk that is theirs."""
    person = current_person()
    desk = "notes.requests" if person.is_counselor else "notes.practice_requests"
    return redirect(url_for(desk if person.is_counselor or person.is_administrator else "notes.own_requests"), 303)


@bp.get("/requests")
@counselors_only
def requests() -> ResponseReturnValue:
    """Show a counselor the requests they answer, what is due first on top."""
    return desk_page("notes.requests", "notes.request", counselor=current_person())


@bp.get("/requests/<int:request_id>", endpoint="request")
@counselors_only
def show_request(request_id: int) -> ResponseReturnValue:
    """Show a request with its words, and the ways to answer it."""
    found = _mine(request_id)
    audit.record_aside(
        "request.viewed",
        person_id=_me().id,
        subject=("request", found.id),
        about=found.client_id,
        acting="counselor" if found.chart and found.chart.counselor_id == _me().id else "cover",
    )
    return _page(found, forms.blank())


@bp.post("/requests/<int:request_id>/extension")
@counselors_only
def extend_request(request_id: int) -> ResponseReturnValue:
    """Take the further time the law allows."""
    found = _mine(request_id)
    reason = Reason.parse(request.form, "reason", "Write why more time is needed; the client reads it.")
    if isinstance(reason, Errors):
        return _page(found, reason), 422
    now = ports().clock.now()
    return _done(
        found,
        "The client reads the reason and the new day.",
        lambda: services.extend(found, reason.text, by=_me(), now=now),
    )


@bp.post("/requests/<int:request_id>/answer")
@counselors_only
def answer_request(request_id: int) -> ResponseReturnValue:
    """Answer in writing."""
    found = _mine(request_id)
    answer = Answer.parse(request.form, found.kind, _notes(found))
    if isinstance(answer, Errors):
        return _page(found, answer), 422
    now = ports().clock.now()
    return _done(
        found,
        "The client reads your answer in their account.",
        lambda: services.answer(
            found, answer.state, answer.text, ground=answer.ground, note=answer.note, by=_me(), now=now
        ),
    )


@bp.post("/requests/<int:request_id>/reply")
@counselors_only
def reply_to_statement(request_id: int) -> ResponseReturnValue:
    """Put a reply beside the client's statement."""
    found = _mine(request_id)
    reply = Reason.parse(request.form, "reply", "Write the reply; the client reads it.")
    if isinstance(reply, Errors):
        return _page(found, reply), 422
    now = ports().clock.now()
    return _done(
        found, "Your reply stands beside the statement.", lambda: services.rebut(found, reply.text, by=_me(), now=now)
    )


@bp.get("/clients/<int:client_id>/requests/new")
@counselors_only
def put_down(client_id: int) -> ResponseReturnValue:
    """Offer to put down a request that came by letter, by telephone or in a session."""
    return _letter_page(_client(client_id), forms.blank(came_on=queries.today(ports().clock.now()).isoformat()))


@bp.post("/clients/<int:client_id>/requests/new")
@counselors_only
def put_down_request(client_id: int) -> ResponseReturnValue:
    """Put it down; its clock runs from the day it came."""
    client, now = _client(client_id), ports().clock.now()
    letter = Letter.parse(request.form, today=queries.today(now))
    if isinstance(letter, Errors):
        return _letter_page(client, letter), 422
    chart = chart_between(_me(), client)
    if chart is None:
        refused = forms.refused(request.form, kind="You keep no chart on this client yet, so there is nothing to ask.")
        return _letter_page(client, refused), 422
    found = services.ask(
        client=client, kind=letter.kind, chart=chart, text=letter.text, now=now, by=_me(), came_on=letter.came_on
    )
    db.session.commit()
    flash("It is on your desk, and the client sees it in their account.", "good")
    return redirect(url_for("notes.request", request_id=found.id), 303)


def desk_page(endpoint: str, one: str, *, counselor: Person | None) -> str:
    """Render a desk: of one counselor, or of the whole practice."""
    now, words = ports().clock.now(), words_asked("q")
    state = request.args.get("state", OPEN)
    state = state if state in dict(SHOWN) else OPEN
    found = queries.desk(now=now, counselor=counselor, state=state, words=words, page=wanted_page())
    kept = {name: value for name, value in (("q", words), ("state", state)) if value and value != OPEN}
    today = queries.today(now)
    return render_template(
        "notes/requests/desk.html",
        found=found,
        pages=pages_of(endpoint, found.number, found.pages, kept),
        q=words,
        state=state,
        shown=SHOWN,
        here=url_for(endpoint),
        one=one,
        whole=counselor is None,
        nouns=NOUNS,
        states=STATES,
        standing=lambda each: Standing.of(each.due_on, today),
    )


def _me() -> Person:
    return current_person()


def _client(client_id: int) -> Person:
    return client_of(_me(), client_id) or abort(404)


def _mine(request_id: int) -> RecordRequest:
    return queries.one_for(_me(), request_id, now=ports().clock.now()) or abort(404)


def _notes(found: RecordRequest) -> Sequence[Note]:
    return (
        signed_between(_me(), found.client, None, None, zone=ZoneInfo(_me().zone)) if found.kind == CORRECTION else []
    )


def _done(found: RecordRequest, said: str, deed: Callable[[], None]) -> ResponseReturnValue:
    try:
        deed()
    except RequestError as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash(said, "good")
    return redirect(url_for("notes.request", request_id=found.id), 303)


def _letter_page(client: Person, form: Errors) -> str:
    options = [(kind, NOUNS[kind]) for kind in KINDS]
    return render_template("notes/requests/letter.html", client=client, form=form, options=options)


def _page(found: RecordRequest, form: Errors) -> str:
    said = services.opened(found)
    now = ports().clock.now()
    clock = clock_of(found.law, found.kind)
    return render_template(
        "notes/requests/one.html",
        request=found,
        said=said,
        kinds={each.row.kind for each in said},
        form=form,
        notes=_notes(found) if found.is_open else [],
        noun=NOUNS[found.kind],
        grounds=GROUNDS[found.kind],
        states=STATES,
        ways=[(way, WAYS[way]) for way in ways(found.kind)],
        clock=clock,
        standing=Standing.of(found.due_on, queries.today(now)),
        keeping=retention.keeping_of(found.chart, now=now) if found.chart else None,
    )
