"""Reading notes: one note with its addenda, a client's chart."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from notes import boards, opening, queries
from notes.forms import ADDENDUM_MOST
from notes.models import Note
from notes.naming import Mention
from notes.views import desks
from notes.views.blueprint import bp, my_note, pager, seen
from practice.core import audit, forms
from practice.core.forms import Errors
from practice.security import counselors_only, current_person


@bp.get("/notes/<int:note_id>")
@counselors_only
def show(note_id: int) -> ResponseReturnValue:
    """Show a note with its addenda."""
    note = my_note(note_id)
    if not note.is_signed:
        return redirect(desks.of_note(note.id).url("write"), 303)
    seen("note.viewed", note)
    return note_page(note, forms.blank())


@bp.get("/clients/<int:client_id>/chart")
@counselors_only
def chart(client_id: int) -> ResponseReturnValue:
    """Show a client's notes by this counselor, the newest session first."""
    person = current_person()
    client = queries.client_of(person, client_id) or abort(404)
    board = boards.of_client(person, client, page=request.args.get("page", default=1, type=int))
    notes = [_opened(row.note) for row in board.rows if row.note]
    if notes:
        ids = [opened["note"].id for opened in notes]
        subject = ("person", client.id)
        audit.record_aside(
            "chart.viewed",
            person_id=person.id,
            subject=subject,
            detail={"notes": ids},
            about=client.id,
            acting="counselor",
        )
    pages = pager(board, "notes.chart", client_id=client.id)
    return render_template("notes/chart.html", client=client, notes=notes, board=board, pages=pages)


def note_page(note: Note, form: Errors, *, named: Sequence[Mention] = ()) -> str:
    """Render a signed note, and the form that adds to it; `named` are other members of a group in what was typed."""
    return render_template("notes/show.html", form=form, named=named, addendum_most=ADDENDUM_MOST, **_opened(note))


def _opened(note: Note) -> dict[str, Any]:
    return {
        "note": note,
        "words": opening.words_of(note),
        "addenda": [(addendum, opening.text_of(addendum)) for addendum in note.addenda],
        "zone": current_person().zone,
    }
