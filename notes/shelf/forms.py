"""A layout as somebody builds it, and a snippet as somebody writes it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from notes.shapes import Section
from practice.core.forms import Errors, Reader, shown

MOST_PARTS = 12
TEXT_MOST = 5_000
_KEY = re.compile(r"own[1-9]\d?")
_SHORTCUT = re.compile(r"[a-z0-9-]{2,20}")


@dataclass(frozen=True, slots=True)
class Built:
    """A layout: its name, what it is for, and its parts in order."""

    name: str
    about: str
    sections: tuple[Section, ...]

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the builder; parts without a name are left out, and each name stands once."""
        reader = Reader(data)
        name = " ".join(reader.text("name", most=40, missing="Give it a name.").split())
        about = reader.text("about", most=120, required=False)
        rows = rows_of(data)
        for number, row in enumerate(rows):
            if row["hint"] and not row["label"]:
                reader.complain(f"label-{number}", "Name this part, or take its hint away.")
            if len(row["label"]) > 60 or len(row["hint"]) > 200:
                reader.complain(f"label-{number}", "A name has room for 60 characters, a hint for 200.")
        named = [row for row in rows if row["label"]]
        labels = [row["label"].casefold() for row in named]
        if not named:
            reader.complain("label-0", "Name at least one part.")
        if len(set(labels)) < len(labels):
            reader.complain("label-0", "Two parts have the same name. Name them apart.")
        if reader.messages:
            return Errors(shown(data), reader.messages)
        return cls(name, about, tuple(Section(row["key"], row["label"], row["hint"]) for row in named))


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A snippet: what is typed, and what it becomes."""

    shortcut: str
    text: str

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read it; the semicolon in front may be typed or left out."""
        reader = Reader(data)
        shortcut = reader.text("shortcut", most=21, missing="Choose what you want to type.").lstrip(";").lower()
        if shortcut and not _SHORTCUT.fullmatch(shortcut):
            reader.complain("shortcut", "Use 2 to 20 letters, digits or hyphens, like sleep-ok.")
        text = reader.text("text", most=TEXT_MOST, missing="Write what it becomes.")
        return reader.errors or cls(shortcut, text)


def rows_of(data: MultiDict[str, str]) -> list[dict[str, str]]:
    """Read the builder's rows as they stand, each with a key of its own."""
    count = sum(1 for name in data if name.startswith("label-"))
    rows = [_row(data, number) for number in range(min(count, MOST_PARTS))]
    taken = {row["key"] for row in rows if row["key"]}
    free = iter(key for key in (f"own{number}" for number in range(1, 100)) if key not in taken)
    return [{**row, "key": row["key"] or next(free)} for row in rows]


def rearranged(rows: list[dict[str, str]], asked: str) -> list[dict[str, str]]:
    """Move a row (`up-2`, `down-0`), take one away (`drop-1`) or add an empty one (`more`)."""
    verb, _, number = asked.partition("-")
    place = int(number) if number.isdecimal() else -1
    if verb == "more":
        return [*rows, empty()] if len(rows) < MOST_PARTS else rows
    if not 0 <= place < len(rows):
        return rows
    rest = rows[:place] + rows[place + 1 :]
    if verb == "drop":
        return rest or [empty()]
    to = place - 1 if verb == "up" else place + 1
    return [*rest[: max(0, to)], rows[place], *rest[max(0, to) :]]


def empty() -> dict[str, str]:
    """Return a row nobody has filled in yet."""
    return {"key": "", "label": "", "hint": ""}


def as_values(name: str, about: str, rows: list[dict[str, str]]) -> Mapping[str, Any]:
    """Return the builder's values for showing again."""
    return {"name": name, "about": about, "rows": rows}


def _row(data: MultiDict[str, str], number: int) -> dict[str, str]:
    key = data.get(f"key-{number}", "")
    label = " ".join(data.get(f"label-{number}", "").split())
    hint = " ".join(data.get(f"hint-{number}", "").split())
    return {"key": key if _KEY.fullmatch(key) else "", "label": label, "hint": hint}
