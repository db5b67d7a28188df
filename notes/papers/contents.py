"""What stands on a paper: notes with their words opened, and how they came to be when that was asked for."""

from dataclasses import dataclass
from datetime import datetime

from notes import opening
from notes.comparing import Piece, compared
from notes.models import Addendum, Note
from notes.words import Words, differences


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a note: what it changed, part by part, in the version before it."""

    number: int
    saved_at: datetime
    changes: list[tuple[str, list[Piece]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One note as it is printed."""

    note: Note
    words: Words
    addenda: list[tuple[Addendum, str]]
    history: list[Step]


def opened(note: Note, *, with_history: bool) -> Entry:
    """Open a note for printing."""
    addenda = [(addendum, opening.text_of(addendum)) for addendum in note.addenda]
    return Entry(note, opening.words_of(note), addenda, _history(note) if with_history else [])


def _history(note: Note) -> list[Step]:
    steps, before = [], Words(opening.words_of(note).layout)
    for row in opening.versions_of(note):
        words = opening.words_of(note, row.version)
        changes = [(each.label, compared(each.theirs, each.mine)) for each in differences(words, before)]
        steps.append(Step(row.version, row.saved_at, changes))
        before = words
    return steps
