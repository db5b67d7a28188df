"""What an administrator adds to an answer. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from practice.core.forms import Errors, Reader

MOST = 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """The practice's own words, and that somebody read all of it."""

    words: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Answer | Errors:
        """Read the words; the box that says that everything was read must be ticked."""
        reader = Reader(data)
        words = reader.text("words", most=MOST, required=False)
        if not data.get("read"):
            reader.complain("read", "Read it once more and tick this: it can be sent only once.")
        return reader.errors or cls(words)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """That somebody means it: it cannot be taken back."""

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Acceptance | Errors:
        """Read the box that must be ticked."""
        reader = Reader(data)
        if not data.get("accept"):
            reader.complain("accept", "Tick this if you mean it: it cannot be taken back.")
        return reader.errors or cls()
