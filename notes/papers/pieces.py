"""Pieces of a record opened for a paper: what does not open is named, and the rest given."""

from collections.abc import Callable, Iterable
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
from notes.papers.contents import Entry
from notes.requests import services as requests_of_clients
from notes.requests.models import RecordRequest
from notes.requests.services import Said
from notes.requests.wording import NOUNS, SPOKEN, STATES, TITLES, ground_of, title_for_others
from notes.safety import services as safety
from notes.safety.models import SafetyPlan
from notes.safety.steps import SafetyWords
from notes.vault import VaultKeyMissingError, VaultRefusedError, VaultSealBrokenError
from practice.core import audit
from practice.models import Person

_BROKEN = "Its seal is broken: what is kept is not what was sealed."
_REFUSED = "It is not sealed for the keys that opened the rest."
_OWN_BROKEN = f"{_BROKEN} Please tell your counselor."
_OWN_REFUSED = "It is not sealed for your keys. Please ask your counselor for it."

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
    scores: list[Score]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asked of their record, with every word that was said about it."""

    request: RecordRequest
    said: list[Said]

    @property
    def title(self) -> str:
        """What stands over it in the client's own copy."""
        return TITLES[self.request.kind]

    @property
    def title_for_others(self) -> str:
        """What stands over it where it goes out with the record."""
        return title_for_others(self.request.state, {each.row.kind for each in self.said})

    @property
    def state(self) -> str:
        """How it stands."""
        return STATES[self.request.state][0]

    @property
    def lines(self) -> list[tuple[str, Said, str]]:
        """List what was said: what stands over it, the words, and the ground they stand on."""
        return [(SPOKEN[each.row.kind], each, ground_of(self.request.kind, each.ground)) for each in self.said]


@dataclass(frozen=True, slots=True)
class OpenedRecord:
    """Everything in it, the earliest first, as one person's keys opened it."""

    client: Person
    reader: Person
    entries: list[Entry] = field(default_factory=list)
    sessions: list[Appointment] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    safety_plans: list[tuple[SafetyPlan, SafetyWords]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    unopened: list[Unopened] = field(default_factory=list)

    @property
    def is_own(self) -> bool:
        """Tell whether the client opened it."""
        return self.client.id == self.reader.id


def open_notes(record: OpenedRecord, notes: Iterable[Note]) -> None:
    """Open signed notes with all that was added."""
    for note in notes:
        words = _tried(record, _Piece(note.kind_words, note.at, ("note", note.id)), opening.words_of, note)
        if words is not None:
            record.entries.append(Entry(note, words, _added(record, note), []))


def open_answers(record: OpenedRecord, askings: Iterable[MeasureAsking]) -> None:
    """Open questionnaires that were answered, and score them."""
    for asking in askings:
        instrument, at = FREE[asking.instrument], asking.given_at or asking.asked_at
        answers = _tried(record, _Piece(instrument.name, at, ("measure", asking.id)), sealing.given, asking)
        if answers is not None:
            record.answered.append(Answered(asking, instrument, answers, scores(instrument, answers)))


def open_safety_plans(record: OpenedRecord, plans: Iterable[SafetyPlan]) -> None:
    """Open safety plans as they stand."""
    for plan in plans:
        piece = _Piece("Safety plan", plan.updated_at, ("safety_plan", plan.id))
        words = _tried(record, piece, safety.words_of, plan)
        if words is not None:
            record.safety_plans.append((plan, words))


def open_requests(record: OpenedRecord, requests: Iterable[RecordRequest]) -> None:
    """Open what the client asked of the record, and what was answered."""
    for request in requests:
        piece = _Piece(f"{NOUNS[request.kind]} asked by the client", request.asked_at, ("request", request.id))
        words = _tried(record, piece, requests_of_clients.opened, request)
        if words is not None:
            record.asked.append(Asked(request, words))


def said(each: Answered) -> list[tuple[str, str, int | None]]:
    """List the questions with the words of their answers and the points; "" and None where one was left out."""
    found: list[tuple[str, str, int | None]] = []
    for number in range(1, each.instrument.last + 1):
        points = each.answers.get(number)
        said = "" if points is None else each.instrument.choices(number)[points]
        found.append((each.instrument.words(number), said, points))
    return found


def _added(record: OpenedRecord, note: Note) -> list[tuple[Addendum, str]]:
    found = []
    for addendum in note.addenda:
        what = f"Addendum {addendum.number} to a {note.kind_words.lower()}"
        text = _tried(record, _Piece(what, addendum.added_at, ("note", note.id)), opening.text_of, addendum)
        if text is not None:
            found.append((addendum, text))
    return found


def _tried(record: OpenedRecord, piece: _Piece, opens: Callable[[Row], Opened], row: Row) -> Opened | None:
    """Open one piece, or name it among those that do not open; a broken seal goes into the log."""
    try:
        return opens(row)
    except VaultSealBrokenError as error:
        audit.record_aside(
            "note.seal_broken",
            person_id=record.reader.id,
            subject=piece.subject,
            detail={"reason": str(error)},
            about=record.client.id,
        )
        record.unopened.append(Unopened(piece.what, piece.at, _OWN_BROKEN if record.is_own else _BROKEN))
    except (VaultRefusedError, VaultKeyMissingError):
        record.unopened.append(Unopened(piece.what, piece.at, _OWN_REFUSED if record.is_own else _REFUSED))
    return None
