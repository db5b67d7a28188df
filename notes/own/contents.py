"""A client's record, opened by the client's own keys; what does not open is named, and the rest given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from booking.models.appointments import Appointment
from notes import opening
from notes.measures import sealing
from notes.measures.instruments import Instrument
from notes.measures.models import MeasureAsking
from notes.measures.register import FREE
from notes.measures.scoring import Answers, Score, scores
from notes.models import Addendum, Note
from notes.own import queries
from notes.papers.contents import Entry
from notes.safety import services as safety
from notes.safety.models import SafetyPlan
from notes.safety.steps import SafetyWords
from notes.vault import VaultKeyMissingError, VaultRefusedError, VaultSealBrokenError
from practice.core import audit
from practice.models import Person

NOTES_IN_A_PART, SESSIONS_IN_A_PART, ANSWERS_IN_A_PART = 40, 100, 15
"""A PDF holds so many; a longer record comes in several, because the press takes 30 seconds for a document at most.

100 notes took it 33 seconds, and a table of 1,000 sessions 68, on two cores with a load of 9.
"""
_BROKEN = "Its seal is broken: what is kept is not what was sealed. Please tell your counselor."
_REFUSED = "It is not sealed for your keys. Please ask your counselor for it."

Opened = TypeVar("Opened")
Row = TypeVar("Row")


class _Piece(NamedTuple):
    """What is about to be opened: its name, its time, and what the log calls it."""

    what: str
    at: datetime
    subject: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Unopened:
    """A piece of the record that did not open: what it is, of when, and why not."""

    what: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A questionnaire as it was answered."""

    asking: MeasureAsking
    instrument: Instrument
    answers: Answers
    scores: Sequence[Score]


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """Everything in it, the earliest first."""

    client: Person
    entries: list[Entry] = field(default_factory=list)
    sessions: list[Appointment] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    safety_plans: list[tuple[SafetyPlan, SafetyWords]] = field(default_factory=list)
    unopened: list[Unopened] = field(default_factory=list)


def parts_of(*, notes: int, sessions: int, answers: int) -> int:
    """Count the parts in which a record is printed."""
    each = ((notes, NOTES_IN_A_PART), (sessions, SESSIONS_IN_A_PART), (answers, ANSWERS_IN_A_PART))
    return max(1, *(-(-number // most) for number, most in each))


def whole(client: Person) -> OwnRecord:
    """Open a client's whole record; raises VaultLockedError."""
    record = OwnRecord(client, sessions=[*queries.sessions_of(client)])
    _open_answers(record, queries.answers_of(client))
    _open_safety_plans(record)
    _open_notes(record, queries.notes_of(client))
    return record


def part(client: Person, number: int) -> OwnRecord:
    """Open one part, numbered from 1; the safety plan stands in the first. Raises VaultLockedError."""

    def span(most: int) -> dict[str, int]:
        return {"first": (number - 1) * most, "most": most}

    record = OwnRecord(client, sessions=[*queries.sessions_of(client, **span(SESSIONS_IN_A_PART))])
    _open_answers(record, queries.answers_of(client, **span(ANSWERS_IN_A_PART)))
    if number == 1:
        _open_safety_plans(record)
    _open_notes(record, queries.notes_of(client, **span(NOTES_IN_A_PART)))
    return record


def _open_notes(record: OwnRecord, notes: Sequence[Note]) -> None:
    for note in notes:
        words = _tried(record, _Piece(note.kind_words, note.at, ("note", note.id)), opening.words_of, note)
        if words is not None:
            record.entries.append(Entry(note, words, _added(record, note), []))


def _added(record: OwnRecord, note: Note) -> list[tuple[Addendum, str]]:
    found = []
    for addendum in note.addenda:
        what = f"Addendum {addendum.number} to a {note.kind_words.lower()}"
        text = _tried(record, _Piece(what, addendum.added_at, ("note", note.id)), opening.text_of, addendum)
        if text is not None:
            found.append((addendum, text))
    return found


def _open_answers(record: OwnRecord, askings: Sequence[MeasureAsking]) -> None:
    for asking in askings:
        instrument, at = FREE[asking.instrument], asking.given_at or asking.asked_at
        answers = _tried(record, _Piece(instrument.name, at, ("measure", asking.id)), sealing.given, asking)
        if answers is not None:
            record.answered.append(Answered(asking, instrument, answers, scores(instrument, answers)))


def _open_safety_plans(record: OwnRecord) -> None:
    for plan in queries.safety_plans_of(record.client):
        piece = _Piece("Safety plan", plan.updated_at, ("safety_plan", plan.id))
        words = _tried(record, piece, safety.words_of, plan)
        if words is not None:
            record.safety_plans.append((plan, words))


def _tried(record: OwnRecord, piece: _Piece, opens: Callable[[Row], Opened], row: Row) -> Opened | None:
    """Open one piece, or name it among those that do not open; a broken seal goes into the log."""
    try:
        return opens(row)
    except VaultSealBrokenError as error:
        audit.record_aside(
            "note.seal_broken",
            person_id=record.client.id,
            subject=piece.subject,
            detail={"reason": str(error)},
            about=record.client.id,
        )
        record.unopened.append(Unopened(piece.what, piece.at, _BROKEN))
    except (VaultRefusedError, VaultKeyMissingError):
        record.unopened.append(Unopened(piece.what, piece.at, _REFUSED))
    return None
