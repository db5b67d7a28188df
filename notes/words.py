"""The words of a note, as written, compared and sealed. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from notes.comparing import Piece, compared
from notes.layouts import LAYOUTS
from notes.shapes import Layout, Section, carry


@dataclass(frozen=True, slots=True)
class Carried:
    """Where the words of a section were carried over from, and the SHA-256 of them as they were then."""

    note_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Words:
    """A layout, a title for the counselor's own eyes, and the text of each section.

    `links` are ids of items of the treatment plan; `carried` names sections that began as words of an earlier note.
    """

    layout: Layout
    title: str = ""
    sections: Mapping[str, str] = field(default_factory=dict, repr=False)
    links: tuple[str, ...] = ()
    carried: Mapping[str, Carried] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Tell whether nothing has been written."""
        return not any(text.strip() for text in (self.title, *self.sections.values()))

    @property
    def count(self) -> int:
        """Count the words of all sections."""
        return sum(len(text.split()) for text in self.sections.values())

    @property
    def unchanged(self) -> list[str]:
        """Name the sections that still say what was carried over."""
        return [key for key, source in self.carried.items() if digest(self.text(key)) == source.digest]

    def text(self, key: str) -> str:
        """Return one section's text."""
        return self.sections.get(key, "")

    def laid_out(self, layout: Layout) -> "Words":
        """Return the same words in another layout."""
        if layout == self.layout:
            return self
        kept = {section.key for section in layout.sections}
        carried = {key: source for key, source in self.carried.items() if key in kept}
        sections = carry(self.sections, was=self.layout, becomes=layout)
        return replace(self, layout=layout, sections=sections, carried=carried)

    def with_words_of(self, earlier: "Words", note_id: int) -> "Words":
        """Carry an earlier note's words into the sections that are still empty, and mark them."""
        source = earlier.laid_out(self.layout)
        empty = [s.key for s in self.layout.sections if not self.text(s.key).strip() and source.text(s.key).strip()]
        texts = {key: source.text(key) for key in empty}
        marks = {key: Carried(note_id, digest(text)) for key, text in texts.items()}
        return replace(self, sections={**self.sections, **texts}, carried={**self.carried, **marks})


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that two versions of one note have differently."""

    key: str
    label: str
    mine: str
    theirs: str

    @property
    def sides(self) -> tuple[list[Piece], list[Piece]]:
        """Take mine and theirs apart word by word; what only mine has is `new`, what only theirs has is `gone`.

        Two that share no word at all are not taken apart.
        """
        pieces = compared(self.theirs, self.mine)
        if not any(each.kind == "same" and re.search(r"\w", each.text) for each in pieces):
            return [Piece("same", self.mine)], [Piece("same", self.theirs)]
        return [each for each in pieces if each.kind != "gone"], [each for each in pieces if each.kind != "new"]

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

    The salt makes the fingerprint of a short note impossible to guess. A layout somebody built is written with its
    sections: the note keeps it as it was.
    """
    layout = words.layout
    body: dict[str, Any] = {
        "layout": layout.key,
        "salt": salt,
        "sections": dict(words.sections),
        "title": words.title,
    }
    if layout.is_own:
        parts = [[section.key, section.label, section.hint] for section in layout.sections]
        body["own"] = {"about": layout.about, "name": layout.name, "parts": parts}
    if words.links:
        body["links"] = list(words.links)
    if words.carried:
        body["carried"] = {key: [source.note_id, source.digest] for key, source in words.carried.items()}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(written: bytes) -> Words:
    """Read words back."""
    body = json.loads(written)
    carried = {key: Carried(note_id, kept) for key, (note_id, kept) in body.get("carried", {}).items()}
    return Words(_layout(body), body["title"], body["sections"], tuple(body.get("links", ())), carried)


def fingerprint(written: bytes) -> str:
    """Return the SHA-256 of what was written down, in hexadecimal."""
    return hashlib.sha256(written).hexdigest()


def digest(text: str) -> str:
    """Return the SHA-256 of a section's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _layout(body: dict[str, Any]) -> Layout:
    own = body.get("own")
    if own is None:
        return LAYOUTS[body["layout"]]
    return Layout(body["layout"], own["name"], own["about"], tuple(Section(*part) for part in own["parts"]))
