"""What stands on a paper: notes with their words opened, and how they came to be when that was asked for."""

from dataclasses import dataclass

from notes import opening
from notes.history import Step, steps_of
from notes.models import Addendum, Note
from notes.words import Words


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
    return Entry(note, opening.words_of(note), addenda, steps_of(note) if with_history else [])
