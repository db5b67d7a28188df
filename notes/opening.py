"""Open what is sealed: the words of notes, their versions and what was added."""

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, select

from notes import keys
from notes.layouts import LAYOUTS, SOAP
from notes.locking import Saved
from notes.models import Addendum, Note, NoteVersion
from notes.vault import DataKey, Place, Ring, VaultRefusedError, VaultSealBrokenError, epoch_of, ring_of, unseal
from notes.words import Words, fingerprint, read
from practice.core.db import db

BODY, ADDENDUM = "body", "addendum"
_BATCH = 500
Held = dict[tuple[int, int, Ring], DataKey]
_SHUT = (VaultSealBrokenError, VaultRefusedError)


def words_of(note: Note, version: int | None = None) -> Words:
    """Open the words of a note; raises VaultSealBrokenError when they are not what was sealed or signed."""
    version = note.version if version is None else version
    if version == 0:
        return Words(LAYOUTS.get(note.layout, SOAP))
    written = written_of(note, version)
    return _signed_or_read(note, written) if version == note.version else read(written)


def all_words_of(notes: Sequence[Note]) -> Iterator[tuple[Note, Words | None]]:
    """Open the latest words of many notes, in a few questions to the database; unbegun ones are left out.

    One that cannot be opened comes without words and does not keep the others shut.
    """
    held: Held = {}
    for batch in _batches(notes):
        latest = (
            select(NoteVersion)
            .join(Note, and_(Note.id == NoteVersion.note_id, Note.version == NoteVersion.version))
            .where(Note.id.in_([note.id for note in batch]))
        )
        rows = {row.note_id: row for row in db.session.scalars(latest)}
        for note in batch:
            if note.version:
                yield note, _readable(note, rows.get(note.id), held)


def texts_of(notes: Sequence[Note]) -> dict[int, list[tuple[int, str | None]]]:
    """Open what was added to many notes: number and words by note, None for words that cannot be opened."""
    found: dict[int, list[tuple[int, str | None]]] = {}
    for batch in _batches(notes):
        added = select(Addendum).where(Addendum.note_id.in_([note.id for note in batch])).order_by(Addendum.number)
        for addendum in db.session.scalars(added):
            found.setdefault(addendum.note_id, []).append((addendum.number, _readable_text(addendum)))
    return found


def written_of(note: Note, version: int) -> bytes:
    """Open one version as it was written down."""
    return _body(note, version_of(note, version), version)


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


def _readable(note: Note, row: NoteVersion | None, held: Held) -> Words | None:
    try:
        return _signed_or_read(note, _body(note, row, note.version, held))
    except _SHUT:
        return None


def _readable_text(addendum: Addendum) -> str | None:
    try:
        return text_of(addendum)
    except _SHUT:
        return None


def _body(note: Note, row: NoteVersion | None, version: int, held: Held | None = None) -> bytes:
    """Open a version with the key it is sealed under, which `held` keeps for the next note of the chart."""
    if row is None:
        raise VaultSealBrokenError("This version of the note is gone.")
    held, under = {} if held is None else held, (note.chart_id, epoch_of(row.sealed), ring_of(row.sealed))
    if under not in held:
        held[under] = keys.key_of(note.chart, *under[1:])
    return unseal(held[under], row.sealed, Place(note.chart_id, note.id, version, BODY))


def _signed_or_read(note: Note, written: bytes) -> Words:
    if note.is_signed and fingerprint(written) != note.fingerprint:
        raise VaultSealBrokenError("This is not the text that was signed.")
    return read(written)


def _batches(notes: Sequence[Note]) -> Iterator[Sequence[Note]]:
    return (notes[start : start + _BATCH] for start in range(0, len(notes), _BATCH))
