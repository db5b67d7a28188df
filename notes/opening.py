"""Open what is sealed: the words of notes, their versions and what was added."""

from collections.abc import Sequence

from sqlalchemy import select

from notes import keys
from notes.layouts import LAYOUTS, SOAP
from notes.locking import Saved
from notes.models import Addendum, Note, NoteVersion
from notes.vault import Place, VaultSealBrokenError
from notes.words import Words, fingerprint, read
from practice.core.db import db

BODY, ADDENDUM = "body", "addendum"


def words_of(note: Note, version: int | None = None) -> Words:
    """Open the words of a note; raises VaultSealBrokenError when they are not what was sealed or signed."""
    version = note.version if version is None else version
    if version == 0:
        return Words(LAYOUTS.get(note.layout, SOAP))
    written = written_of(note, version)
    if note.is_signed and version == note.version and fingerprint(written) != note.fingerprint:
        raise VaultSealBrokenError("This is not the text that was signed.")
    return read(written)


def written_of(note: Note, version: int) -> bytes:
    """Open one version as it was written down."""
    row = version_of(note, version)
    if row is None:
        raise VaultSealBrokenError("This version of the note is gone.")
    return keys.opened(note.chart, row.sealed, Place(note.chart_id, note.id, version, BODY))


def text_of(addendum: Addendum) -> str:
    """Open the words of an addendum."""
    note = addendum.note
    place = Place(note.chart_id, note.id, addendum.number, ADDENDUM)
    return keys.opened(note.chart, addendum.sealed, place).decode()


def version_of(note: Note, version: int) -> NoteVersion | None:
    """Find one version of a note, still sealed."""
    return db.session.scalar(select(NoteVersion).where(NoteVersion.note_id == note.id, NoteVersion.version == version))


def versions_of(note: Note) -> Sequence[NoteVersion]:
    """List the versions that were kept, still sealed, the oldest first."""
    return db.session.scalars(
        select(NoteVersion).where(NoteVersion.note_id == note.id).order_by(NoteVersion.version)
    ).all()


def last_saved(note: Note) -> Saved | None:
    """Tell from which tab, on top of which version and when the note was last saved."""
    return saved(version_of(note, note.version))


def saved(row: NoteVersion | None) -> Saved | None:
    """Read a version's place in the history."""
    return Saved(row.version, row.base_version, row.tab, row.saved_at, row.changes) if row else None
