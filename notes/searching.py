"""Find words in one's own notes by opening them: there is no index, and nothing of it is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import joinedload

from notes import opening, queries
from notes.finding import Passage, passages
from notes.models import Note
from notes.words import Words
from practice.core.db import db
from practice.models import Person

MOST = 50
_SHOWN = (joinedload(Note.appointment), joinedload(Note.chart))


@dataclass(frozen=True, slots=True)
class Hit:
    """A note in which the words stand, and where."""

    note: Note
    title: str
    passages: list[Passage]


@dataclass(frozen=True, slots=True)
class Found:
    """The newest notes in which the words stand, how many there are, and how many were opened to look.

    `shut` are notes of which something could not be opened, so that it could not be looked through.
    """

    hits: list[Hit]
    total: int
    opened: int
    shut: list[Note]


def find(author: Person, wanted: str, client: Person | None = None) -> Found:
    """Look through the notes this person wrote, on one client or on all; psychotherapy notes are not looked through."""
    shut: list[Note] = []
    opened = list(_opened(author, client, shut))
    hits = [(note, words, places) for note, words, texts in opened if (places := passages(texts, wanted))]
    hits.sort(key=lambda hit: hit[0].at, reverse=True)
    return Found([Hit(note, words.title, places) for note, words, places in hits[:MOST]], len(hits), len(opened), shut)


def _opened(author: Person, client: Person | None, shut: list[Note]) -> Iterator[tuple[Note, Words, dict[str, str]]]:
    notes = db.session.scalars(queries.record_notes(author, client).where(Note.version > 0).options(*_SHOWN)).all()
    added = opening.texts_of(notes)
    for note, words in opening.all_words_of(notes):
        texts = added.get(note.id, [])
        if words is None or any(text is None for _, text in texts):
            shut.append(note)
        if words is None:
            continue
        parts = {section.label: words.text(section.key) for section in words.layout.sections}
        addenda = {f"Addendum {number}": text for number, text in texts if text is not None}
        yield note, words, {"Title": words.title, **parts, **addenda}
