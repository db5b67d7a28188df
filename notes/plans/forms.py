"""What a counselor sends about a plan: words and days, within limits said in words. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.plans.document import FRAME, KINDS, STANDINGS, STATUSES
from practice.core.forms import Errors, Reader

LINE_MOST, WORDS_MOST, FRAME_MOST, REMARK_MOST = 2_000, 2_000, 4_000, 500
_ASKS = {
    "problem": "Write what troubles your client.",
    "goal": "Write what shall be different.",
    "objective": "Write a step that both of you can see.",
    "intervention": "Write what you do for it.",
}


@dataclass(frozen=True, slots=True)
class LineForm:
    """One line of the plan as typed, on top of which state of it."""

    kind: str
    under: str
    text: str
    target_on: date | None
    review_on: date | None
    base: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the line; its words are needed, its days are not."""
        reader = Reader(data)
        kind = reader.choice("kind", KINDS)
        form = cls(
            kind,
            data.get("under", "")[:20],
            reader.text("text", most=LINE_MOST, missing=_ASKS.get(kind, "Write it down.")),
            _day(reader, "target_on"),
            _day(reader, "review_on"),
            _base(reader),
        )
        return reader.errors or form


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """How a line stands today, and when to look at it again."""

    status: str
    words: str
    next_on: date | None
    base: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the review; the words may be left out."""
        reader = Reader(data)
        form = cls(
            reader.choice("status", STATUSES, missing="Choose how it stands."),
            reader.text("words", most=WORDS_MOST, required=False),
            _day(reader, "next_on"),
            _base(reader),
        )
        return reader.errors or form


@dataclass(frozen=True, slots=True)
class DiagnosisForm:
    """What is said of a diagnosis beside its code."""

    standing: str
    since_on: date | None
    remark: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the form."""
        reader = Reader(data)
        form = cls(
            reader.choice("standing", STANDINGS),
            _day(reader, "since_on"),
            reader.text("remark", most=REMARK_MOST, required=False),
        )
        return reader.errors or form


@dataclass(frozen=True, slots=True)
class FrameForm:
    """The three texts around the work."""

    frame: dict[str, str]

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the texts; each may be empty."""
        reader = Reader(data)
        frame = {key: reader.text(key, most=FRAME_MOST, required=False) for key in FRAME}
        return reader.errors or cls(frame)


def _day(reader: Reader, name: str) -> date | None:
    day = reader.day(name, required=False)
    return None if day == date.min else day


def _base(reader: Reader) -> int:
    return reader.integer("base", least=0, most=10_000_000)
