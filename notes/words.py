"""The words of a note, as written, compared and sealed. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from notes.layouts import LAYOUTS, Layout, carry


@dataclass(frozen=True, slots=True)
class Words:
    """A layout, a title for the counselor's own eyes, and the text of each section."""

    layout: Layout
    title: str = ""
    sections: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def blank(self) -> bool:
        """Tell whether nothing has been written."""
        return not any(text.strip() for text in (self.title, *self.sections.values()))

    @property
    def count(self) -> int:
        """Count the words of all sections."""
        return sum(len(text.split()) for text in self.sections.values())

    def text(self, key: str) -> str:
        """Return one section's text."""
        return self.sections.get(key, "")

    def laid_out(self, layout: Layout) -> "Words":
        """Return the same words in another layout."""
        return replace(self, layout=layout, sections=carry(self.sections, was=self.layout, becomes=layout))


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that two versions of one note have differently."""

    key: str
    label: str
    mine: str
    theirs: str

    @property
    def both(self) -> str:
        """Join the two, theirs first, without repeating what one already holds."""
        if self.theirs.strip() in self.mine:
            return self.mine
        if self.mine.strip() in self.theirs:
            return self.theirs
        return f"{self.theirs.rstrip()}\n\n{self.mine}"


def differences(mine: Words, theirs: Words) -> list[Difference]:
    """List the parts in which two versions differ, both read in my layout."""
    theirs = theirs.laid_out(mine.layout)
    pairs = [Difference("title", "Title", mine.title, theirs.title)]
    pairs += [Difference(s.key, s.label, mine.text(s.key), theirs.text(s.key)) for s in mine.layout.sections]
    return [pair for pair in pairs if pair.mine != pair.theirs]


def write(words: Words, *, salt: str) -> bytes:
    """Write words down in one certain way, so that their fingerprint is certain too.

    The salt makes the fingerprint of a short note impossible to guess.
    """
    body = {"layout": words.layout.key, "salt": salt, "sections": dict(words.sections), "title": words.title}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(written: bytes) -> Words:
    """Read words back."""
    body = json.loads(written)
    return Words(LAYOUTS[body["layout"]], body["title"], body["sections"])


def fingerprint(written: bytes) -> str:
    """Return the SHA-256 of what was written down, in hexadecimal."""
    return hashlib.sha256(written).hexdigest()
