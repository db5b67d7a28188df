"""How a note came to be: its versions, and what each changed in the one before."""

from dataclasses import dataclass
from datetime import datetime

from notes import opening
from notes.comparing import Piece, compared
from notes.models import Note
from notes.words import Words, differences


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a note: what it changed, part by part, in the version before it."""

    number: int
    saved_at: datetime
    changes: list[tuple[str, list[Piece]]]


def steps_of(note: Note) -> list[Step]:
    """Open the versions that were kept, the oldest first; a signature is a step that changes no word."""
    steps, before = [], Words(opening.words_of(note).layout)
    for row in opening.versions_of(note):
        words = opening.words_of(note, row.version)
        changes = [(each.label, compared(each.theirs, each.mine)) for each in differences(words, before)]
        steps.append(Step(row.version, row.saved_at, changes))
        before = words
    return steps
