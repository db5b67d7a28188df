"""A supervisor reads a note, says something about it, and decides; the author answers."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import opening
from notes.models import Note
from notes.supervision import queries, rules, services
from notes.supervision.forms import CommentForm, DecisionForm
from notes.supervision.models import Supervision
from notes.supervision.services import SupervisionError
from notes.supervision.views.pages import now, today
from notes.views.blueprint import bp, my_note
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.security import counselors_only, current_person

BLANK = forms.blank()


@bp.get("/supervision/notes/<int:note_id>")
@counselors_only
def overseen_note(note_id: int) -> ResponseReturnValue:
    """Show a signed note to its author's supervisor."""
    note, supervision = _overseen(note_id)
    page = _page(note, supervision, BLANK, BLANK)
    audit.record_aside(
        "note.viewed",
        person_id=current_person().id,
        subject=("note", note.id),
        detail={"supervision": supervision.id},
        about=note.chart.client_id,
        acting="supervisor",
        reason="supervision",
    )
    return page


@bp.post("/supervision/notes/<int:note_id>/reviews")
@counselors_only
def review_note(note_id: int) -> ResponseReturnValue:
    """Approve, co-sign or send back a note."""
    note, supervision = _overseen(note_id)
    form = DecisionForm.parse(request.form)
    if isinstance(form, Errors):
        return _page(note, supervision, form, BLANK), 422
    try:
        services.decide(
            note,
            supervision,
            form.decision,
            fingerprint=form.fingerprint,
            addenda=form.addenda,
            words=form.words,
            now=now(),
        )
    except SupervisionError as error:
        db.session.rollback()
        note, supervision = _overseen(note_id)
        return _page(note, supervision, forms.refused(request.form, words=str(error)), BLANK), 409
    db.session.commit()
    said = {"returned": "Sent back to its author.", "approved": "Approved.", "cosigned": "Co-signed."}
    flash(said[form.decision], "good")
    return redirect(url_for("notes.supervision"), 303)


@bp.post("/supervision/notes/<int:note_id>/comments")
@counselors_only
def comment_as_supervisor(note_id: int) -> ResponseReturnValue:
    """Say something about a supervisee's note."""
    note, supervision = _overseen(note_id)
    form = CommentForm.parse(request.form)
    if isinstance(form, Errors):
        return _page(note, supervision, BLANK, form), 422
    services.comment(note, form.words, author=current_person(), now=now())
    db.session.commit()
    return redirect(url_for("notes.overseen_note", note_id=note.id, _anchor="comments"), 303)


@bp.get("/notes/<int:note_id>/supervision")
@counselors_only
def note_supervision(note_id: int) -> ResponseReturnValue:
    """Show the author what supervisors said of a note and decided about it."""
    note = _mine(note_id)
    page, person = _author_page(note, BLANK), current_person()
    if queries.comments_on(note):
        subject = ("note", note.id)
        audit.record_aside(queries.COMMENTS_READ, person_id=person.id, subject=subject, about=note.chart.client_id)
    return page


@bp.post("/notes/<int:note_id>/supervision")
@counselors_only
def answer_supervisor(note_id: int) -> ResponseReturnValue:
    """Answer a supervisor about one's own note."""
    note = _mine(note_id)
    form = CommentForm.parse(request.form)
    if isinstance(form, Errors):
        return _author_page(note, form), 422
    services.comment(note, form.words, author=current_person(), now=now())
    db.session.commit()
    return redirect(url_for("notes.note_supervision", note_id=note.id, _anchor="comments"), 303)


def _overseen(note_id: int) -> tuple[Note, Supervision]:
    return queries.note_for(current_person(), note_id, today=today()) or abort(404)


def _mine(note_id: int) -> Note:
    note = my_note(note_id)
    if not note.is_signed or not (queries.reviews_of(note) or queries.comments_on(note) or _overseers(note)):
        abort(404)
    return note


def _overseers(note: Note) -> list[tuple[Supervision, str]]:
    return queries.standings(note, today=today())


def _page(note: Note, supervision: Supervision, form: Errors, comment: Errors) -> str:
    return render_template(
        "notes/supervision/note.html",
        supervision=supervision,
        form=form,
        comment=comment,
        final=rules.FINAL.get(supervision.duty),
        standing=next((standing for each, standing in _overseers(note) if each.id == supervision.id), None),
        words=opening.words_of(note),
        addenda=[(addendum, opening.text_of(addendum)) for addendum in note.addenda],
        **_said(note),
    )


def _author_page(note: Note, comment: Errors) -> str:
    return render_template("notes/supervision/answer.html", comment=comment, standings=_overseers(note), **_said(note))


def _said(note: Note) -> dict[str, Any]:
    return {
        "note": note,
        "reviews": queries.reviews_of(note),
        "comments": [(row, services.words_of(row)) for row in queries.comments_on(note)],
        "zone": current_person().zone,
    }
