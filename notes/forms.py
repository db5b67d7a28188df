"""What a counselor sends: words kept exactly as typed, within limits said in words."""

import re
from dataclasses import dataclass
from typing import Self

from werkzeug.datastructures import MultiDict

from notes.layouts import LAYOUTS, Layout
from notes.words import Difference, Words
from practice.core.forms import CONTROL, Errors, Reader, shown

SECTION_MOST = 20_000
TITLE_MOST = 120
ADDENDUM_MOST = 10_000
_TAB = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as one tab has it, the version it was typed on top of, and how often the tab had changed by then."""

    words: Words
    base_version: int
    tab: str
    changes: int

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the editor; the words are already in the layout that was asked for."""
        reader = Reader(data)
        layout = LAYOUTS[reader.choice("layout", LAYOUTS) if data.get("layout") in LAYOUTS else "soap"]
        words = Words(
            layout,
            _typed(reader, data, "title", "The title", TITLE_MOST).replace("\n", " "),
            {s.key: _typed(reader, data, s.key, f"“{s.label}”", SECTION_MOST) for s in layout.sections},
        )
        base_version = reader.integer("base_version", least=0, most=10_000_000)
        changes = reader.integer("changes", least=0, most=2_000_000_000) if data.get("changes") else 0
        if reader.errors:
            return Errors(shown(data), reader.messages)
        return cls(words.laid_out(_becomes(data, layout)), base_version, _tab(data), changes)


@dataclass(frozen=True, slots=True)
class Addition:
    """An addendum as typed."""

    text: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the addendum; it cannot be empty."""
        reader = Reader(data)
        text = reader.text("addendum", most=ADDENDUM_MOST, missing="Write what you want to add.")
        return reader.errors or cls(text)


def chosen(differences: list[Difference], data: MultiDict[str, str]) -> dict[str, str]:
    """Take mine, theirs or both of each part, as ticked; both where nothing was."""
    keeps = {"mine": lambda d: d.mine, "theirs": lambda d: d.theirs}
    return {d.key: keeps.get(data.get(f"keep-{d.key}", ""), lambda d: d.both)(d) for d in differences}


def _becomes(data: MultiDict[str, str], layout: Layout) -> Layout:
    return LAYOUTS.get(data.get("becomes", ""), layout)


def _tab(data: MultiDict[str, str]) -> str:
    tab = data.get("tab", "")
    return tab if _TAB.fullmatch(tab) else "unknown"


def _typed(reader: Reader, data: MultiDict[str, str], name: str, label: str, most: int) -> str:
    text = CONTROL.sub("", data.get(name, "").replace("\r\n", "\n"))
    if len(text) > most:
        over = len(text) - most
        reader.complain(name, f"{label} has room for {most:,} characters; this is {over:,} more. Nothing is cut off.")
    return text
