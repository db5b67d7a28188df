"""The board of notes: what waits to be written or signed, what is late, what was signed; and beginning one apart."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import boards, queries, services
from notes.forms import KINDS, Beginning, wanted_of
from notes.models import CONTACT, KIND_WORDS, OTHER
from notes.services import NoteClosedError
from notes.supervision import queries as supervision
from notes.views import desks
from notes.views.blueprint import bp, pager
from practice.core import forms
from practice.core.db import db
from practice.core.formats import local
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person

ABOUT = {
    CONTACT: "A call, a message, a word with family or another professional.",
    OTHER: "Anything else that belongs in the chart: an intake, a treatment plan, a discharge.",
}
WAITING, LATE, SIGNED, SHARED = "waiting", "late", "signed", "supervisor"


@bp.get("/notes")
@counselors_only
def index() -> ResponseReturnValue:
    """Show one of the lists, narrowed to a client or to some days."""
    person, now = current_person(), ports().clock.now()
    show = request.args.get("show", WAITING)
    show = show if show in {LATE, SIGNED, SHARED} else WAITING
    awaited = supervision.awaited(person, today=local(now, person.zone).date())
    wanted, form = wanted_of(request.args)
    days = boards.days_to_sign()
    late_before = now - timedelta(days=days)
    kept = {name: value for name, value in form.values.items() if value and name in {"client", "since", "until"}}
    if show == SIGNED:
        board = boards.signed(person, wanted=wanted)
    elif show == SHARED:
        board = boards.chosen(person, [each.note.id for each in awaited], wanted=wanted)
    else:
        board = boards.unsigned(person, now=now, wanted=wanted, late_before=late_before if show == LATE else None)
    return render_template(
        "notes/index.html",
        board=board,
        show=show,
        wanted=wanted,
        form=form,
        note_days=days,
        waiting=boards.count_unsigned(person, now=now),
        late=boards.count_unsigned(person, now=now, late_before=late_before),
        awaited=awaited,
        pages=pager(board, "notes.index", show=show if show != WAITING else None, **kept),
    )


@bp.get("/clients/<int:client_id>/notes/new")
@counselors_only
def begin(client_id: int) -> ResponseReturnValue:
    """Ask what to write about, and when it was."""
    client, here = _client(client_id), ports().clock.now().astimezone(ZoneInfo(current_person().zone))
    form = forms.blank(happened_on=here.date().isoformat(), happened_time=f"{here:%H:%M}")
    return _begin_page(client, form)


@bp.post("/clients/<int:client_id>/notes/new")
@counselors_only
def begun(client_id: int) -> ResponseReturnValue:
    """Begin a note that is no session's."""
    client, person, now = _client(client_id), current_person(), ports().clock.now()
    form = Beginning.parse(request.form, zone=person.zone, now=now)
    if isinstance(form, Errors):
        return _begin_page(client, form), 422
    note = services.start(author=person, client=client, kind=form.kind, happened_at=form.happened_at, now=now)
    db.session.commit()
    return redirect(desks.of_note(note.id).url("write"), 303)


@bp.post("/notes/<int:note_id>/discard")
@counselors_only
def discard(note_id: int) -> ResponseReturnValue:
    """Take an empty draft away."""
    desk = desks.of_note(note_id)
    back = desk.back_url
    try:
        services.discard(desk.note or abort(404))
    except NoteClosedError as closed:
        db.session.rollback()
        flash(str(closed), "info")
        return redirect(url_for("notes.show", note_id=note_id), 303)
    db.session.commit()
    flash("The empty draft is gone.", "good")
    return redirect(back, 303)


def _client(client_id: int) -> Person:
    return queries.client_of(current_person(), client_id) or abort(404)


def _begin_page(client: Person, form: Errors) -> str:
    kinds = [(kind, KIND_WORDS[kind], ABOUT[kind]) for kind in KINDS]
    return render_template("notes/begin.html", client=client, form=form, kinds=kinds)
