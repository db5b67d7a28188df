"""What somebody sends who prints a chart, or asks whether a paper is ours."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from werkzeug.datastructures import FileStorage, MultiDict

from notes.papers import codes
from notes.release.words import NOTES, PARTS
from practice.core.forms import Errors, Reader

BESIDE = {part: words for part, words in PARTS.items() if part != NOTES}
"""What of a chart can be printed beside its notes."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Range:
    """From which day to which a chart is printed; an open end means all of it."""

    first: date | None
    last: date | None
    with_history: bool
    parts: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self | Errors:
        """Read the days."""
        reader = Reader(data)
        first, last = _day(reader, data, "first"), _day(reader, data, "last")
        if first and last and last < first:
            reader.complain("last", "The last day is before the first one.")
        parts = tuple(part for part in BESIDE if part in data.getlist("with"))
        return reader.errors or cls(first, last, reader.flag("history"), parts)


@dataclass(frozen=True, slots=True)
class Question:
    """Is this paper yours? Asked by its code, by its file, or by both."""

    code: str | None
    sha256: str | None

    @classmethod
    def parse(cls, data: MultiDict[str, str], file: FileStorage | None) -> Self | Errors:
        """Read the code and the file; of the file only its SHA-256 is taken, unless the page sent that alone."""
        reader = Reader(data)
        typed = data.get("code", "").strip()
        code = codes.plain(typed)
        if typed and code is None:
            reader.complain("code", "A code has twelve letters and digits, like 7K3M-Q9TD-V2XC.")
        said = data.get("sha256", "")
        sha256 = said if _SHA256.fullmatch(said) else _digest(file)
        if not typed and sha256 is None:
            reader.complain("code", "Type the code from the paper, or choose the file.")
        return reader.errors or cls(code, sha256)


def _day(reader: Reader, data: MultiDict[str, str], name: str) -> date | None:
    day = reader.day(name) if data.get(name) else None
    if day and not 1900 <= day.year <= 2200 and name not in reader.messages:
        reader.complain(name, "Enter a day between 1900 and 2200.")
    return day


def _digest(file: FileStorage | None) -> str | None:
    if file is None or not file.filename:
        return None
    return hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a stream reads like a file
