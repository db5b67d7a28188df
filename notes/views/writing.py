"""Writing a note: the editor, its saves, two versions side by side, the signature."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.models.appointments import Appointment
from notes import queries, services
from notes.forms import Draft, chosen
from notes.layouts import LAYOUTS, SOAP
from notes.models import Note
from notes.services import NoteClosedError, NothingToSignError, VersionConflictError
from notes.views.blueprint import bp, my_appointment, my_note, seen
from notes.words import Words, differences
from practice.core import formats, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/appointments/<int:appointment_id>/note")
@counselors_only
def write(appointment_id: int) -> ResponseReturnValue:
    """Show the editor, as a page or as a part to stand beside the video."""
    appointment = my_appointment(appointment_id)
    note = queries.note_of(appointment)
    if note is None:
        if appointment.status not in services.WRITABLE:
            return render_template("notes/no_session.html", appointment=appointment), 409
        return _editor(appointment, None, _filled(Words(SOAP)), SOAP.key)
    seen("note.viewed", note)
    if note.is_signed:
        return _signed_elsewhere(note)
    words = services.words_of(note)
    return _editor(appointment, note, _filled(words), words.layout.key)


@bp.post("/appointments/<int:appointment_id>/note")
@counselors_only
def save(appointment_id: int) -> ResponseReturnValue:
    """Save what one tab has; a tab that fell behind gets both texts and overwrites nothing."""
    appointment = my_appointment(appointment_id)
    draft = Draft.parse(request.form)
    if isinstance(draft, Errors):
        return _not_understood(appointment, draft)
    now = ports().clock.now()
    try:
        note = services.open_or_start(appointment, now=now)
        services.save_draft(
            note, draft.words, base_version=draft.base_version, tab=draft.tab, changes=draft.changes, now=now
        )
    except VersionConflictError as conflict:
        db.session.rollback()
        return _conflict(my_appointment(appointment_id), conflict, draft)
    except NoteClosedError as closed:
        db.session.rollback()
        return _closed(my_appointment(appointment_id), closed)
    db.session.commit()
    return _saved(appointment, note, now)


@bp.post("/appointments/<int:appointment_id>/note/versions")
@counselors_only
def merge(appointment_id: int) -> ResponseReturnValue:
    """Save what was chosen of two versions that lay side by side."""
    appointment = my_appointment(appointment_id)
    mine = Draft.parse(request.form)
    if isinstance(mine, Errors):
        return _not_understood(appointment, mine)
    now = ports().clock.now()
    note = services.open_or_start(appointment, now=now)
    kept = _kept(mine.words, services.words_of(note)) if note.version == mine.base_version else mine.words
    try:
        services.save_draft(note, kept, base_version=mine.base_version, tab=mine.tab, changes=mine.changes, now=now)
    except VersionConflictError as conflict:
        db.session.rollback()
        return _conflict(my_appointment(appointment_id), conflict, mine)
    except NoteClosedError as closed:
        db.session.rollback()
        return _closed(my_appointment(appointment_id), closed)
    db.session.commit()
    flash("Your choice is saved.", "good")
    return redirect(url_for("notes.write", appointment_id=appointment.id, settled=1), 303)


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


def _editor(
    appointment: Appointment, note: Note | None, form: Errors, layout: str, status: int = 200
) -> ResponseReturnValue:
    beside = request.args.get("beside") == "1"
    page = render_template(
        "notes/beside.html" if beside else "notes/write.html",
        appointment=appointment,
        note=note,
        latest=services.last_saved(note) if note else None,
        form=form,
        notation=LAYOUTS[layout],
        choices=[(each.key, each.name) for each in LAYOUTS.values()],
        tab=str(uuid4()),
        beside=beside,
        last=None if beside else _last_time(appointment),
    )
    return page, status


def _last_time(appointment: Appointment) -> tuple[Note, Words] | None:
    note = queries.last_signed_before(appointment)
    return (note, services.words_of(note)) if note else None


def _filled(words: Words) -> Errors:
    return forms.blank(title=words.title, **words.sections)


def _kept(mine: Words, theirs: Words) -> Words:
    picked = chosen(differences(mine, theirs), request.form)
    title = picked.pop("title", mine.title)
    return replace(mine, title=title, sections={**mine.sections, **picked})


def _saved(appointment: Appointment, note: Note, now: datetime) -> ResponseReturnValue:
    at = formats.clock(now, current_person().zone)
    if _from_script():
        return {"version": note.version, "saved": f"Saved {at}", "note": note.id}
    if request.form.get("then") == "sign":
        return redirect(url_for("notes.signature", note_id=note.id), 303)
    flash(f"Saved {at}.", "good")
    return redirect(url_for("notes.write", appointment_id=appointment.id), 303)


def _not_understood(appointment: Appointment, form: Errors) -> ResponseReturnValue:
    if _from_script():
        return {"message": next(iter(form.messages.values()))}, 422
    layout = form.values.get("layout", SOAP.key)
    note = queries.note_of(appointment)
    return _editor(appointment, note, form, layout if layout in LAYOUTS else SOAP.key, 422)


def _conflict(appointment: Appointment, conflict: VersionConflictError, draft: Draft) -> ResponseReturnValue:
    if _from_script():
        return {"message": str(conflict), "version": conflict.version}, 409
    page = render_template(
        "notes/conflict.html",
        appointment=appointment,
        conflict=conflict,
        differences=differences(conflict.mine, conflict.theirs),
        draft=draft,
    )
    return page, 409


def _closed(appointment: Appointment, closed: NoteClosedError) -> ResponseReturnValue:
    note = queries.note_of(appointment)
    if _from_script():
        address = url_for("notes.show", note_id=note.id) if note else url_for("notes.index")
        return {"message": str(closed), "address": address}, 423
    if note is None:
        return render_template("notes/no_session.html", appointment=appointment), 409
    draft = Draft.parse(request.form)
    words = draft.words if isinstance(draft, Draft) else Words(SOAP)
    return render_template("notes/locked.html", note=note, closed=closed, words=words), 409


def _signed_elsewhere(note: Note) -> ResponseReturnValue:
    if request.args.get("beside") == "1":
        return render_template("notes/beside_signed.html", note=note)
    return redirect(url_for("notes.show", note_id=note.id), 303)


def _signature(note: Note, refusal: str = "") -> str:
    return render_template("notes/signature.html", note=note, words=services.words_of(note), refusal=refusal)


def _from_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
