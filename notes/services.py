"""Write, sign and amend notes. Nothing is overwritten unseen, and nothing signed changes."""

import secrets
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from booking.models.appointments import Appointment
from notes import keys
from notes.layouts import SOAP
from notes.locking import Saved, follows, overtaken, superseded
from notes.models import DRAFT, PROGRESS, SIGNED, Addendum, Note, NoteVersion
from notes.vault import Place, VaultSealBrokenError, seal, unseal
from notes.words import Words, fingerprint, read, write
from practice.core import audit
from practice.core.db import db
from practice.models import Person

BODY, ADDENDUM = "body", "addendum"
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
    chart = keys.chart_of(counselor=appointment.counselor, client=appointment.client, now=now)
    note = Note(
        chart_id=chart.id,
        appointment_id=appointment.id,
        author_id=appointment.counselor_id,
        kind=PROGRESS,
        layout=SOAP.key,
        status=DRAFT,
        version=0,
        created_at=now,
        updated_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(note)
    except IntegrityError:  # begun in another tab at the same moment
        return db.session.scalars(ours).one()
    audit.record("note.started", person_id=note.author_id, subject=("note", note.id))
    return note


def save_draft(
    note: Note, words: Words, *, base_version: int, tab: str, changes: int = 0, now: datetime
) -> NoteVersion:
    """Save words on top of the version their writer had before them; raises VersionConflictError, NoteClosedError.

    Words that the same tab's later ones overtook on the way change nothing: what is saved holds them already.
    """
    _hold(note)
    last = _version(note, note.version)
    if last and overtaken(_saved(last), tab=tab, changes=changes):
        return last
    if not follows(_saved(last), base_version=base_version, tab=tab):
        theirs = words_of(note)
        raise VersionConflictError(
            mine=words, theirs=theirs, version=note.version, saved_at=last.saved_at if last else None
        )
    coming = Saved(note.version + 1, base_version, tab, now, changes)
    if last:
        _thin(note, last, coming)
    note.version, note.layout, note.updated_at = coming.version, words.layout.key, now
    sealed = _seal_words(note, words, coming.version)
    row = NoteVersion(
        note_id=note.id,
        version=coming.version,
        base_version=coming.base_version,
        tab=tab,
        changes=changes,
        epoch=note.chart.epoch,
        sealed=sealed,
        saved_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def sign(note: Note, *, version: int, signer: Person, now: datetime) -> None:
    """Lock the note as its signer read it; raises NothingToSignError, NoteClosedError."""
    _hold(note)
    if version != note.version:
        raise NothingToSignError("This note was changed after you opened it here. Read it once more, then sign.")
    if words_of(note).blank:
        raise NothingToSignError("There is nothing written yet. Write at least a line, then sign.")
    if now < note.appointment.starts_at:
        raise NothingToSignError("You can sign once the session has begun.")
    note.fingerprint = fingerprint(_written(note, note.version))
    note.status, note.signed_at, note.signed_by_id, note.updated_at = SIGNED, now, signer.id, now
    audit.record(
        "note.signed", person_id=signer.id, subject=("note", note.id), detail={"fingerprint": note.fingerprint}
    )
    db.session.flush()


def amend(note: Note, text: str, *, author: Person, now: datetime) -> Addendum:
    """Add words to a signed note; raises NoteClosedError while it is a draft."""
    db.session.refresh(note, with_for_update=True)
    if not note.is_signed:
        raise NoteClosedError("This note is still a draft: change the draft itself.")
    number = len(note.addenda) + 1
    key = keys.key_of(note.chart)
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
    audit.record("note.amended", person_id=author.id, subject=("note", note.id), detail={"addendum": number})
    return addendum


def words_of(note: Note, version: int | None = None) -> Words:
    """Open the words of a note; raises VaultSealBrokenError when they are not what was sealed or signed."""
    version = note.version if version is None else version
    if version == 0:
        return Words(SOAP)
    written = _written(note, version)
    if note.is_signed and version == note.version and fingerprint(written) != note.fingerprint:
        raise VaultSealBrokenError("This is not the text that was signed.")
    return read(written)


def last_saved(note: Note) -> Saved | None:
    """Tell from which tab, on top of which version and when the note was last saved."""
    return _saved(_version(note, note.version))


def text_of(addendum: Addendum) -> str:
    """Open the words of an addendum."""
    note = addendum.note
    place = Place(note.chart_id, note.id, addendum.number, ADDENDUM)
    return unseal(keys.key_of(note.chart, addendum.epoch), addendum.sealed, place).decode()


def _hold(note: Note) -> None:
    """Lock the row until the end of the transaction and see it as it is now."""
    db.session.refresh(note, with_for_update=True)
    if note.is_signed:
        raise NoteClosedError("This note is signed and stays as it is. Add what is missing as an addendum.")


def _version(note: Note, version: int) -> NoteVersion | None:
    return db.session.scalar(select(NoteVersion).where(NoteVersion.note_id == note.id, NoteVersion.version == version))


def _saved(row: NoteVersion | None) -> Saved | None:
    return Saved(row.version, row.base_version, row.tab, row.saved_at, row.changes) if row else None


def _written(note: Note, version: int) -> bytes:
    row = _version(note, version)
    if row is None:
        raise VaultSealBrokenError("This version of the note is gone.")
    return unseal(keys.key_of(note.chart, row.epoch), row.sealed, Place(note.chart_id, note.id, version, BODY))


def _seal_words(note: Note, words: Words, version: int) -> bytes:
    written = write(words, salt=secrets.token_hex(16))
    return seal(keys.key_of(note.chart), written, Place(note.chart_id, note.id, version, BODY))


def _thin(note: Note, last: NoteVersion, coming: Saved) -> None:
    """Let the last version go when the same hand goes on with it shortly after."""
    before = db.session.scalars(
        select(NoteVersion)
        .where(NoteVersion.note_id == note.id, NoteVersion.version < last.version)
        .order_by(NoteVersion.version.desc())
        .limit(1)
    ).first()
    kept, latest = _saved(before), _saved(last)
    if kept and latest and superseded(kept, latest, coming):
        db.session.execute(delete(NoteVersion).where(NoteVersion.id == last.id))
        db.session.expunge(last)
