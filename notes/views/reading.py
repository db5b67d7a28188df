"""Reading notes: one note with its addenda, its PDF, the open board and a client's chart."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from notes import queries, services
from notes.forms import ADDENDUM_MOST, Addition
from notes.models import Note
from notes.queries import Board
from notes.services import NoteClosedError
from notes.views.blueprint import bp, my_note, seen
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.models import Practice
from practice.security import counselors_only, current_person

TITLE = "Progress note"


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is in a list, as the pager shows it."""

    number: int
    pages: int
    previous_href: str | None
    next_href: str | None


@bp.get("/notes/<int:note_id>")
@counselors_only
def show(note_id: int) -> ResponseReturnValue:
    """Show a note with its addenda."""
    note = my_note(note_id)
    if not note.is_signed:
        return redirect(url_for("notes.write", appointment_id=note.appointment_id), 303)
    seen("note.viewed", note)
    return _note_page(note, forms.blank())


@bp.post("/notes/<int:note_id>/addenda")
@counselors_only
def amend(note_id: int) -> ResponseReturnValue:
    """Add words to a signed note."""
    note = my_note(note_id)
    addition = Addition.parse(request.form)
    if isinstance(addition, Errors):
        return _note_page(note, addition), 422
    try:
        services.amend(note, addition.text, author=current_person(), now=ports().clock.now())
    except NoteClosedError as closed:
        db.session.rollback()
        flash(str(closed), "info")
        return redirect(url_for("notes.write", appointment_id=note.appointment_id), 303)
    db.session.commit()
    flash("The addendum stands below the note.", "good")
    return redirect(url_for("notes.show", note_id=note.id), 303)


@bp.get("/notes/<int:note_id>.pdf")
@counselors_only
def pdf(note_id: int) -> ResponseReturnValue:
    """Print a signed note on the practice's letterhead."""
    note = my_note(note_id)
    if not note.is_signed:
        flash("A draft is not printed. Sign the note first.", "info")
        return redirect(url_for("notes.write", appointment_id=note.appointment_id), 303)
    page = render_template("print/note.html", practice=db.session.scalars(select(Practice)).one(), **_opened(note))
    try:
        printed = ports().printer.pdf(page, title=TITLE)
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.show", note_id=note.id), 303)
    seen("note.exported", note)
    answer = Response(printed, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="record-{note.id}.pdf"'
    return answer


@bp.get("/notes")
@counselors_only
def index() -> ResponseReturnValue:
    """Show the board: what waits to be written or signed, and what was signed lately."""
    person, now = current_person(), ports().clock.now()
    name = request.args.get("client", "")[:120].strip()
    show_signed = request.args.get("show") == "signed"
    number = request.args.get("page", default=1, type=int)
    board = (
        queries.signed(person, name=name, page=number)
        if show_signed
        else queries.unsigned(person, now=now, name=name, page=number)
    )
    return render_template(
        "notes/index.html",
        board=board,
        name=name,
        show_signed=show_signed,
        waiting=queries.count_unsigned(person, now=now),
        pages=_pages(board, "notes.index", client=name or None, show="signed" if show_signed else None),
        form=forms.blank(client=name),
    )


@bp.get("/clients/<int:client_id>/chart")
@counselors_only
def chart(client_id: int) -> ResponseReturnValue:
    """Show a client's notes by this counselor, the newest session first."""
    person = current_person()
    client = queries.client_of(person, client_id) or abort(404)
    board = queries.notes_on(person, client, page=request.args.get("page", default=1, type=int))
    notes = [_opened(row.note) for row in board.rows if row.note]
    if notes:
        ids = [opened["note"].id for opened in notes]
        audit.record_aside("chart.viewed", person_id=person.id, subject=("person", client.id), detail={"notes": ids})
    pages = _pages(board, "notes.chart", client_id=client.id)
    return render_template("notes/chart.html", client=client, notes=notes, board=board, pages=pages)


def _opened(note: Note) -> dict[str, Any]:
    return {
        "note": note,
        "words": services.words_of(note),
        "addenda": [(addendum, services.text_of(addendum)) for addendum in note.addenda],
        "zone": current_person().zone,
    }


def _note_page(note: Note, form: Errors) -> str:
    return render_template("notes/show.html", form=form, addendum_most=ADDENDUM_MOST, **_opened(note))


def _pages(board: Board, endpoint: str, **values: Any) -> Pages:
    def to(number: int) -> str | None:
        return url_for(endpoint, page=number, **values) if 1 <= number <= board.pages else None

    return Pages(board.number, board.pages, to(board.number - 1), to(board.number + 1))
