"""What is sent about openings: a reason, an answer, and a verdict. Pure."""

from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.openings.rules import REASONS, VERDICTS
from practice.core.forms import Errors, Reader

ANSWER_MOST = 2_000


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """Why somebody opens a chart."""

    reason: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the reason; there is none by default."""
        reader = Reader(data)
        reason = reader.choice("reason", {key for key, *_ in REASONS}, missing="Choose why you open this chart.")
        return reader.errors or cls(reason)


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What somebody says who is asked about an opening."""

    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the answer; it cannot be empty."""
        reader = Reader(data)
        words = reader.text("words", most=ANSWER_MOST, missing="Say in your own words why you opened the chart.")
        return reader.errors or cls(words)


@dataclass(frozen=True, slots=True)
class VerdictForm:
    """What came of looking at an opening."""

    verdict: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the verdict."""
        reader = Reader(data)
        verdict = reader.choice("verdict", VERDICTS)
        return reader.errors or cls(verdict)
