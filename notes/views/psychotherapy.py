"""Psychotherapy notes: the author's own papers on a client, apart from the record (45 CFR 164.501)."""

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from notes import opening, queries, services
from notes.forms import Understanding
from notes.models import PSYCHOTHERAPY
from notes.views import desks
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person


@bp.get("/clients/<int:client_id>/psychotherapy-notes")
@counselors_only
def psychotherapy(client_id: int) -> ResponseReturnValue:
    """List them, and say what they are."""
    return _page(_client(client_id), forms.blank())


@bp.post("/clients/<int:client_id>/psychotherapy-notes")
@counselors_only
def begin_psychotherapy(client_id: int) -> ResponseReturnValue:
    """Begin one; before the first, its author says that they know what it means."""
    client, person, now = _client(client_id), current_person(), ports().clock.now()
    if not queries.psychotherapy_notes(person, client):
        understanding = Understanding.parse(request.form)
        if isinstance(understanding, Errors):
            return _page(client, understanding), 422
    note = services.start(author=person, client=client, kind=PSYCHOTHERAPY, happened_at=now, now=now)
    db.session.commit()
    return redirect(desks.of_note(note.id).url("write"), 303)


def _client(client_id: int) -> Person:
    return queries.client_of(current_person(), client_id) or abort(404)


def _page(client: Person, form: Errors) -> str:
    person = current_person()
    kept = [(note, opening.words_of(note)) for note in queries.psychotherapy_notes(person, client)]
    if kept and request.method == "GET":
        subject = ("person", client.id)
        audit.record_aside("psychotherapy_notes.listed", person_id=person.id, subject=subject)
    return render_template("notes/psychotherapy.html", client=client, kept=kept, form=form)
