"""Signing a note as it was read, and adding to it afterwards."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import opening, services, together
from notes.forms import Addition
from notes.models import Note
from notes.services import NoteClosedError, NothingToSignError
from notes.views import desks
from notes.views.blueprint import bp, my_note, seen
from notes.views.reading import note_page
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/notes/<int:note_id>/signature")
@counselors_only
def signature(note_id: int) -> ResponseReturnValue:
    """Show the note as it will be locked."""
    note = my_note(note_id)
    if note.is_signed:
        return redirect(url_for("notes.show", note_id=note.id), 303)
    seen("note.viewed", note)
    return _signature(note)


@bp.post("/notes/<int:note_id>/signature")
@counselors_only
def sign(note_id: int) -> ResponseReturnValue:
    """Sign and lock the version that was read."""
    note = my_note(note_id)
    version = request.form.get("version", type=int, default=-1)
    try:
        services.sign(note, version=version, signer=current_person(), now=ports().clock.now())
    except NothingToSignError as reason:
        db.session.rollback()
        return _signature(my_note(note_id), str(reason)), 409
    except NoteClosedError as closed:
        db.session.rollback()
        flash(str(closed), "info")
        return redirect(url_for("notes.show", note_id=note_id), 303)
    db.session.commit()
    flash("Signed and locked.", "good")
    return redirect(url_for("notes.show", note_id=note.id), 303)


@bp.post("/notes/<int:note_id>/addenda")
@counselors_only
def amend(note_id: int) -> ResponseReturnValue:
    """Add words to a signed note."""
    note = my_note(note_id)
    addition = Addition.parse(request.form)
    if isinstance(addition, Errors):
        return note_page(note, addition), 422
    named = together.named_in_addition(note, addition.text)
    if named and not request.form.get("named"):
        return note_page(note, forms.blank(addendum=addition.text), named=named), 422
    try:
        services.amend(note, addition.text, author=current_person(), now=ports().clock.now())
    except NoteClosedError as closed:
        db.session.rollback()
        flash(str(closed), "info")
        return redirect(desks.of_note(note_id).url("write"), 303)
    db.session.commit()
    flash("The addendum stands below the note.", "good")
    return redirect(url_for("notes.show", note_id=note.id), 303)


def _signature(note: Note, refusal: str = "") -> str:
    words = opening.words_of(note)
    return render_template(
        "notes/signature.html",
        note=note,
        words=words,
        mentions=together.named_in(note, words),
        refusal=refusal,
        back_url=desks.of_note(note.id).url("write"),
    )
