"""Write, sign and amend notes. Nothing is overwritten unseen, and nothing signed changes."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from booking.models.appointments import Appointment
from notes import keys
from notes.layouts import CONTACT as CONTACT_LAYOUT
from notes.layouts import FREE, usual
from notes.locking import Saved, follows, overtaken, superseded
from notes.models import CONTACT, DRAFT, IN_RECORD, PROGRESS, PSYCHOTHERAPY, SIGNED, Addendum, Note, NoteVersion
from notes.opening import ADDENDUM, BODY, saved, version_of, words_of, written_of
from notes.vault import Place, Ring, seal
from notes.words import Words, fingerprint, write
from practice.core import audit
from practice.core.db import db
from practice.models import Person

WRITABLE = frozenset({"confirmed", "completed", "no_show", "cancelled"})


class NoteClosedError(Exception):
    """The note is signed, or its session never came about."""


class NothingToSignError(Exception):
    """The note is empty, has changed since it was read, or its session has not begun."""


class VersionConflictError(Exception):
    """Somebody, perhaps the same person in another tab, saved in between; both texts are here."""

    def __init__(self, *, mine: Words, theirs: Words, version: int, saved_at: datetime | None) -> None:
        super().__init__("This note was saved somewhere else in the meantime. Nothing was overwritten.")
        self.mine, self.theirs, self.version, self.saved_at = mine, theirs, version, saved_at


def open_or_start(appointment: Appointment, *, now: datetime) -> Note:
    """Find the note of an appointment, or begin an empty one by its counselor."""
    ours = select(Note).where(Note.appointment_id == appointment.id, Note.kind == PROGRESS)
    note = db.session.scalar(ours)
    if note:
        return note
    if appointment.status not in WRITABLE:
        raise NoteClosedError("There was no session at this time, so there is nothing to note.")
    shared = appointment.group_session_id is not None
    note = _fresh(appointment.counselor, appointment.client, PROGRESS, now)
    note.appointment_id, note.layout = appointment.id, usual(appointment.status, shared=shared).key
    try:
        with db.session.begin_nested():
            db.session.add(note)
    except IntegrityError:  # begun in another tab at the same moment
        return db.session.scalars(ours).one()
    _record("note.started", note, note.author)
    return note


def start(*, author: Person, client: Person, kind: str, happened_at: datetime, now: datetime) -> Note:
    """Begin a note about something that was no session; any number of them a day."""
    note = _fresh(author, client, kind, now)
    note.happened_at, note.layout = happened_at, CONTACT_LAYOUT.key if kind == CONTACT else FREE.key
    db.session.add(note)
    db.session.flush()
    _record("note.started", note, note.author)
    return note


def discard(note: Note) -> None:
    """Take an empty draft away; raises NoteClosedError when there are words in it, or when it is signed."""
    _hold(note)
    if not words_of(note).blank:
        raise NoteClosedError("There are words in this draft, so it stays.")
    _record("note.discarded", note, note.author)
    db.session.execute(delete(NoteVersion).where(NoteVersion.note_id == note.id))
    db.session.delete(note)
    db.session.flush()


def save_draft(
    note: Note, words: Words, *, base_version: int, tab: str, changes: int = 0, now: datetime
) -> NoteVersion:
    """Save words on top of the version their writer had before them; raises VersionConflictError, NoteClosedError.

    Words that the same tab's later ones overtook on the way change nothing: what is saved holds them already.
    """
    _hold(note)
    last = version_of(note, note.version)
    if last and overtaken(saved(last), tab=tab, changes=changes):
        return last
    if not follows(saved(last), base_version=base_version, tab=tab):
        theirs = words_of(note)
        raise VersionConflictError(
            mine=words, theirs=theirs, version=note.version, saved_at=last.saved_at if last else None
        )
    coming = Saved(note.version + 1, base_version, tab, now, changes)
    if last:
        _thin(note, last, coming)
    note.version, note.layout, note.updated_at = coming.version, words.layout.key, now
    ring = Ring.PRIVATE if note.kind == PSYCHOTHERAPY else Ring.WORKING
    return _seal(note, write(words, salt=secrets.token_hex(16)), coming, ring)


def sign(note: Note, *, version: int, signer: Person, now: datetime) -> None:
    """Lock the note as its signer read it; raises NothingToSignError, NoteClosedError.

    What is signed is sealed once more, as a version of its own, for the readers of the client's record.
    """
    _hold(note)
    if version != note.version:
        raise NothingToSignError("This note was changed after you opened it here. Read it once more, then sign.")
    if words_of(note).blank:
        raise NothingToSignError("There is nothing written yet. Write at least a line, then sign.")
    if now < note.at:
        raise NothingToSignError("You can sign once the session has begun.")
    last, written = version_of(note, version), written_of(note, version)
    if last:
        signed = Saved(version + 1, version, last.tab, now, last.changes)
        _seal(note, written, signed, Ring.RECORD)
        note.version = signed.version
    note.fingerprint = fingerprint(written)
    note.status, note.signed_at, note.signed_by_id, note.updated_at = SIGNED, now, signer.id, now
    _record("note.signed", note, signer, fingerprint=note.fingerprint)
    db.session.flush()


def amend(note: Note, text: str, *, author: Person, now: datetime) -> Addendum:
    """Add words to a signed note; raises NoteClosedError while it is a draft."""
    db.session.refresh(note, with_for_update=True)
    if not note.is_signed:
        raise NoteClosedError("This note is still a draft: change the draft itself.")
    number = len(note.addenda) + 1
    key = keys.key_of(note.chart, ring=Ring.RECORD)
    addendum = Addendum(
        note_id=note.id,
        number=number,
        author_id=author.id,
        epoch=key.epoch,
        sealed=seal(key, text.encode(), Place(note.chart_id, note.id, number, ADDENDUM)),
        added_at=now,
    )
    note.addenda.append(addendum)
    db.session.flush()
    _record("note.amended", note, author, addendum=number)
    return addendum


def _fresh(author: Person, client: Person, kind: str, now: datetime) -> Note:
    chart = keys.chart_of(counselor=author, client=client, now=now)
    return Note(
        chart_id=chart.id, author_id=author.id, kind=kind, status=DRAFT, version=0, created_at=now, updated_at=now
    )


def _record(action: str, note: Note, by: Person, **detail: object) -> None:
    about = note.client.id if note.kind in IN_RECORD else None
    audit.record(action, person_id=by.id, subject=("note", note.id), detail=detail, about=about)


def _hold(note: Note) -> None:
    """Lock the row until the end of the transaction and see it as it is now."""
    db.session.refresh(note, with_for_update=True)
    if note.is_signed:
        raise NoteClosedError("This note is signed and stays as it is. Add what is missing as an addendum.")


def _seal(note: Note, written: bytes, coming: Saved, ring: Ring) -> NoteVersion:
    key = keys.key_of(note.chart, ring=ring)
    row = NoteVersion(
        note_id=note.id,
        version=coming.version,
        base_version=coming.base_version,
        tab=coming.tab,
        changes=coming.changes,
        epoch=key.epoch,
        sealed=seal(key, written, Place(note.chart_id, note.id, coming.version, BODY)),
        saved_at=coming.at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _thin(note: Note, last: NoteVersion, coming: Saved) -> None:
    """Let the last version go when the same hand goes on with it shortly after."""
    before = db.session.scalars(
        select(NoteVersion)
        .where(NoteVersion.note_id == note.id, NoteVersion.version < last.version)
        .order_by(NoteVersion.version.desc())
        .limit(1)
    ).first()
    kept, latest = saved(before), saved(last)
    if kept and latest and superseded(kept, latest, coming):
        db.session.execute(delete(NoteVersion).where(NoteVersion.id == last.id))
        db.session.expunge(last)
