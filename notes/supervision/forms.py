"""What is sent about supervision: arrangements, decisions, comments and hours. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.supervision.rules import DECISIONS, DUTIES, FORMATS
from practice.core.forms import Errors, Reader

COMMENT_MOST = 4_000


@dataclass(frozen=True, slots=True)
class ArrangementForm:
    """Who shall supervise whom, how, and from when until when."""

    supervisor_id: int
    supervisee_id: int
    duty: str
    begins_on: date
    ends_on: date | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], counselors: Collection[int]) -> Self | Errors:
        """Read the arrangement; both must be counselors, and two people."""
        reader = Reader(data)
        known = {str(number) for number in counselors}
        supervisor = reader.choice("supervisor", known, missing="Choose who supervises.")
        supervisee = reader.choice("supervisee", known, missing="Choose who is supervised.")
        if supervisor and supervisor == supervisee:
            reader.complain("supervisee", "Nobody supervises themselves. Choose somebody else.")
        duty, begins_on = reader.choice("duty", DUTIES), reader.day("begins_on")
        ends_on = reader.day("ends_on", required=False)
        if date.min < ends_on < begins_on:
            reader.complain("ends_on", "The last day comes before the first. Choose a later one.")
        if reader.errors:
            return reader.errors
        return cls(int(supervisor), int(supervisee), duty, begins_on, None if ends_on == date.min else ends_on)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What a supervisor decides about the note as it was read."""

    decision: str
    words: str
    fingerprint: str
    addenda: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the decision; to send a note back one says why."""
        reader = Reader(data)
        decision = reader.choice("decision", DECISIONS)
        words = reader.text("words", most=COMMENT_MOST, required=False)
        if decision == "returned" and not words:
            reader.complain("words", "Say what should be added or put right.")
        form = cls(decision, words, data.get("fingerprint", "")[:64], reader.integer("addenda", least=0, most=10_000))
        return reader.errors or form


@dataclass(frozen=True, slots=True)
class CommentForm:
    """Something said about a note."""

    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the comment; it cannot be empty."""
        reader = Reader(data)
        words = reader.text("words", most=COMMENT_MOST, missing="Write what you want to say.")
        return reader.errors or cls(words)


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Time spent together on a day."""

    met_on: date
    minutes: int
    format: str

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, today: date) -> Self | Errors:
        """Read the entry; what has not been yet is not written down."""
        reader = Reader(data)
        met_on = reader.day("met_on")
        if met_on > today:
            reader.complain("met_on", "That day is still to come. Write it down afterwards.")
        form = cls(
            met_on, reader.integer("minutes", least=5, most=600, unit="minutes"), reader.choice("format", FORMATS)
        )
        return reader.errors or form
