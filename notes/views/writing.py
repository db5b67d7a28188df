"""Writing a note: the editor, its saves, two versions side by side."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import opening, queries, services
from notes.forms import Draft, chosen
from notes.models import Note
from notes.services import NoteClosedError, VersionConflictError
from notes.shapes import Layout
from notes.shelf import queries as shelf
from notes.views import desks
from notes.views.blueprint import bp, seen
from notes.views.desks import Desk
from notes.views.group_desks import GroupDesk
from notes.words import Words, differences
from practice.core import formats, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person

AnyDesk = Desk | GroupDesk


@bp.get("/appointments/<int:appointment_id>/note")
@counselors_only
def write(appointment_id: int) -> ResponseReturnValue:
    """Show the editor of a session's note, as a page or as a part to stand beside the video."""
    desk = desks.of_session(appointment_id)
    if desk.note is None and desk.appointment and desk.appointment.status not in services.WRITABLE:
        return render_template("notes/no_session.html"), 409
    return write_at(desk)


@bp.post("/appointments/<int:appointment_id>/note")
@counselors_only
def save(appointment_id: int) -> ResponseReturnValue:
    """Save what one tab has; a tab that fell behind gets both texts and overwrites nothing."""
    return save_at(desks.of_session(appointment_id))


@bp.post("/appointments/<int:appointment_id>/note/versions")
@counselors_only
def merge(appointment_id: int) -> ResponseReturnValue:
    """Save what was chosen of two versions that lay side by side."""
    return merge_at(desks.of_session(appointment_id))


@bp.get("/notes/<int:note_id>/draft")
@counselors_only
def write_apart(note_id: int) -> ResponseReturnValue:
    """Show the editor of a note that is no session's."""
    return write_at(desks.of_note(note_id))


@bp.post("/notes/<int:note_id>/draft")
@counselors_only
def save_apart(note_id: int) -> ResponseReturnValue:
    """Save it, as the note of a session is saved."""
    return save_at(desks.of_note(note_id))


@bp.post("/notes/<int:note_id>/draft/versions")
@counselors_only
def merge_apart(note_id: int) -> ResponseReturnValue:
    """Save what was chosen of its two versions."""
    return merge_at(desks.of_note(note_id))


def write_at(desk: AnyDesk) -> ResponseReturnValue:
    """Show the editor, or the note where it is signed."""
    if desk.note:
        seen("note.viewed", desk.note)
        if desk.note.is_signed:
            return _signed_elsewhere(desk.note)
    words = desk.words()
    return _editor(desk, _filled(words), words)


def save_at(desk: AnyDesk) -> ResponseReturnValue:
    """Save what one tab has."""
    draft = Draft.parse(request.form, desk.layouts())
    if isinstance(draft, Errors):
        return _not_understood(desk, draft)
    now = ports().clock.now()
    try:
        version = desk.save(draft, now=now)
        if request.form.get("then") == "carry" and isinstance(desk, Desk):
            _carry(desk.again(), draft, now)
    except VersionConflictError as conflict:
        db.session.rollback()
        return _conflict(desk.again(), conflict, draft)
    except NoteClosedError as closed:
        db.session.rollback()
        return _closed(desk.again(), closed, draft)
    db.session.commit()
    return _saved(desk.again(), version, now)


def merge_at(desk: AnyDesk) -> ResponseReturnValue:
    """Save what was chosen of two versions."""
    mine = Draft.parse(request.form, desk.layouts())
    if isinstance(mine, Errors):
        return _not_understood(desk, mine)
    if desk.version == mine.base_version:
        mine = replace(mine, words=_kept(mine.words, desk.words()))
    try:
        desk.save(mine, now=ports().clock.now())
    except VersionConflictError as conflict:
        db.session.rollback()
        return _conflict(desk.again(), conflict, mine)
    except NoteClosedError as closed:
        db.session.rollback()
        return _closed(desk.again(), closed, mine)
    db.session.commit()
    flash("Your choice is saved.", "good")
    return redirect(desk.url("write", settled=1), 303)


def _carry(desk: Desk, draft: Draft, now: datetime) -> None:
    """Put the last signed note's words into the parts that are still empty."""
    earlier = queries.last_signed(current_person(), desk.client, before=desk.at)
    if earlier is None or desk.note is None:
        return
    carried = draft.words.with_words_of(opening.words_of(earlier), earlier.id)
    if carried == draft.words:
        flash("Every part has words of its own already, so nothing was carried over.", "info")
        return
    services.save_draft(desk.note, carried, base_version=desk.version, tab=draft.tab, changes=draft.changes, now=now)
    flash("Carried over from last time, into the parts that were empty. They are marked until you change them.", "good")


def _editor(desk: AnyDesk, form: Errors, words: Words, status: int = 200) -> ResponseReturnValue:
    beside = request.args.get("beside") == "1"
    page = render_template(
        "notes/beside.html" if beside else "notes/write.html",
        desk=desk,
        note=desk.note,
        latest=desk.latest,
        form=form,
        words=words,
        notation=words.layout,
        choices=[(each.key, each.name) for each in _offered(desk, words.layout)],
        snippets=shelf.snippets_of(current_person()),
        tab=str(uuid4()),
        beside=beside,
        last=None if beside else _last_time(desk),
    )
    return page, status


def _offered(desk: AnyDesk, current: Layout) -> list[Layout]:
    offered = list(desk.layouts().values())
    return offered if any(each.key == current.key for each in offered) else [current, *offered]


def _last_time(desk: AnyDesk) -> tuple[Note, Words] | None:
    if not isinstance(desk, Desk) or not desk.is_signed_one_day:
        return None
    note = queries.last_signed(current_person(), desk.client, before=desk.at)
    return (note, opening.words_of(note)) if note else None


def _filled(words: Words) -> Errors:
    return forms.blank(title=words.title, **words.sections)


def _kept(mine: Words, theirs: Words) -> Words:
    picked = chosen(differences(mine, theirs), request.form)
    title = " / ".join(picked.pop("title", mine.title).split("\n\n"))
    return replace(mine, title=title, sections={**mine.sections, **picked})


def _saved(desk: AnyDesk, version: int, now: datetime) -> ResponseReturnValue:
    at = formats.clock(now, current_person().zone)
    if _from_script():
        return {"version": version, "saved": f"Saved {at}", "note": desk.note.id if desk.note else None}
    if request.form.get("then") == "sign" and desk.note and desk.is_signed_one_day:
        return redirect(url_for("notes.signature", note_id=desk.note.id), 303)
    if request.form.get("then") != "carry":
        flash(f"Saved {at}.", "good")
    return redirect(desk.url("write"), 303)


def _not_understood(desk: AnyDesk, form: Errors) -> ResponseReturnValue:
    if _from_script():
        return {"message": next(iter(form.messages.values()))}, 422
    saved = desk.words()
    layout = desk.layouts().get(str(form.values.get("layout")), saved.layout)
    return _editor(desk, form, replace(saved, layout=layout), 422)


def _conflict(desk: AnyDesk, conflict: VersionConflictError, draft: Draft) -> ResponseReturnValue:
    if _from_script():
        return {"message": str(conflict), "version": conflict.version}, 409
    page = render_template(
        "notes/conflict.html",
        desk=desk,
        conflict=conflict,
        differences=differences(conflict.mine, conflict.theirs),
        draft=draft,
    )
    return page, 409


def _closed(desk: AnyDesk, closed: NoteClosedError, draft: Draft) -> ResponseReturnValue:
    note = desk.note
    if _from_script():
        address = url_for("notes.show", note_id=note.id) if note else url_for("notes.index")
        return {"message": str(closed), "address": address}, 423
    if note is None:
        return render_template("notes/no_session.html"), 409
    return render_template("notes/locked.html", note=note, closed=closed, words=draft.words), 409


def _signed_elsewhere(note: Note) -> ResponseReturnValue:
    if request.args.get("beside") == "1":
        return render_template("notes/beside_signed.html", note=note)
    return redirect(url_for("notes.show", note_id=note.id), 303)


def _from_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
