"""What a counselor sends: words kept exactly as typed, within limits said in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from notes.boards import Wanted
from notes.layouts import LAYOUTS
from notes.shapes import Layout
from notes.words import Carried, Difference, Words
from practice.core.forms import CONTROL, Errors, Reader, shown

SECTION_MOST = 20_000
TITLE_MOST = 120
ADDENDUM_MOST = 10_000
KINDS = ("contact", "other")
_TAB = re.compile(r"[A-Za-z0-9-]{1,40}")
_LINK = re.compile(r"[a-z0-9]{8}")
_CARRIED = re.compile(r"([a-z0-9_-]{1,40}):(\d{1,9}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as one tab has it, the version it was typed on top of, and how often the tab had changed by then."""

    words: Words
    base_version: int
    tab: str
    changes: int

    @classmethod
    def parse(cls, data: MultiDict[str, str], layouts: Mapping[str, Layout] = LAYOUTS) -> Self | Errors:
        """Read the editor; the words are already in the layout that was asked for."""
        reader = Reader(data)
        layout = layouts.get(data.get("layout", ""), LAYOUTS["soap"])
        words = Words(
            layout,
            _typed(reader, data, "title", "The title", TITLE_MOST).replace("\n", " "),
            {s.key: _typed(reader, data, s.key, f"“{s.label}”", SECTION_MOST) for s in layout.sections},
            tuple(link for link in data.getlist("links") if _LINK.fullmatch(link)),
            _carried(data, layout),
        )
        base_version = reader.integer("base_version", least=0, most=10_000_000)
        changes = reader.integer("changes", least=0, most=2_000_000_000) if data.get("changes") else 0
        if reader.errors:
            return Errors(shown(data), reader.messages)
        return cls(words.laid_out(layouts.get(data.get("becomes", ""), layout)), base_version, _tab(data), changes)


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


@dataclass(frozen=True, slots=True)
class Beginning:
    """A note that is no session's: its kind, and when what it is about happened."""

    kind: str
    happened_at: datetime

    @classmethod
    def parse(cls, data: MultiDict[str, str], *, zone: str, now: datetime) -> Self | Errors:
        """Read kind, day and time; what has not happened yet is not noted."""
        reader = Reader(data)
        kind = reader.choice("kind", KINDS, missing="Choose what you want to write.")
        day, hour = reader.day("happened_on"), reader.time("happened_time")
        happened_at = datetime.combine(day, hour, ZoneInfo(zone)) if day != date.min else now
        if not reader.messages and happened_at > now:
            reader.complain("happened_on", "This is still to come. Enter when it was.")
        return reader.errors or cls(kind, happened_at)


@dataclass(frozen=True, slots=True)
class Understanding:
    """That somebody knows what a psychotherapy note is before they write their first."""

    understood: bool

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the tick; it must be there."""
        reader = Reader(data)
        understood = bool(data.get("understood"))
        if not understood:
            reader.complain("understood", "Tick that you know this before you begin.")
        return reader.errors or cls(understood)


@dataclass(frozen=True, slots=True)
class Looking:
    """Words to look for."""

    wanted: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the words; two letters at least."""
        reader = Reader(data)
        wanted = reader.text("wanted", least=2, most=200, missing="Enter a word or two to look for.")
        return reader.errors or cls(wanted)


def wanted_of(data: MultiDict[str, str]) -> tuple[Wanted, Errors]:
    """Read what of a list is asked for, and the form that shows it; days that are none are left out."""
    reader = Reader(data)
    name = data.get("client", "")[:120].strip()
    since, until = reader.day("since", required=False), reader.day("until", required=False)
    wanted = Wanted(name, since, until, data.get("page", default=1, type=int))
    sent = {"client": name, "since": data.get("since", ""), "until": data.get("until", "")}
    return wanted, Errors(sent, reader.messages)


def chosen(differences: list[Difference], data: MultiDict[str, str]) -> dict[str, str]:
    """Take mine, theirs or both of each part, as ticked; both where nothing was."""
    keeps = {"mine": lambda d: d.mine, "theirs": lambda d: d.theirs}
    return {d.key: keeps.get(data.get(f"keep-{d.key}", ""), lambda d: d.both)(d) for d in differences}


def _carried(data: MultiDict[str, str], layout: Layout) -> dict[str, Carried]:
    marks = [found for text in data.getlist("carried") if (found := _CARRIED.fullmatch(text))]
    kept = {section.key for section in layout.sections}
    return {mark[1]: Carried(int(mark[2]), mark[3]) for mark in marks if mark[1] in kept}


def _tab(data: MultiDict[str, str]) -> str:
    tab = data.get("tab", "")
    return tab if _TAB.fullmatch(tab) else "unknown"


def _typed(reader: Reader, data: MultiDict[str, str], name: str, label: str, most: int) -> str:
    text = CONTROL.sub("", data.get(name, "").replace("\r\n", "\n"))
    if len(text) > most:
        over = len(text) - most
        reader.complain(name, f"{label} has room for {most:,} characters; this is {over:,} more. Nothing is cut off.")
    return text
