"""Read the demo's mailbox: one .eml file a message, as any mail program would.

HTML is rebuilt from the few elements and styles a letter needs. Inline styles become
classes of a stylesheet, so that even letters are shown under a policy that allows
nothing inline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from practice.core.mailbox_texter import MARK as TEXT_MARK

MOST_SHOWN = 1000
_NAME = re.compile(r"[0-9a-f]{24}", re.ASCII)
_TAGS = {
    "p",
    "div",
    "span",
    "a",
    "h1",
    "h2",
    "h3",
    "strong",
    "em",
    "b",
    "i",
    "ul",
    "ol",
    "li",
    "br",
    "table",
    "tr",
    "td",
}
_EMPTY = {"br"}
_SKIPPED = {"head", "title", "style", "script", "template"}
_LINK = re.compile(r"(https?://|mailto:)", re.ASCII)
_STYLE = re.compile(r"[\w\s:;,.#%'\"()+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a letter."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it arrived."""

    name: str
    sender: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str
    attachments: tuple[Attached, ...]
    is_text: bool = False
    """Whether it is a text to a telephone."""

    @property
    def glimpse(self) -> str:
        """The first words, as lists show them."""
        lines = [line.strip() for line in self.text.splitlines()]
        words = [line for line in lines if line and not line.startswith(("Hello", "http://", "https://"))]
        return " ".join(words)[:140]


def letters(folder: Path) -> list[Letter]:
    """Return every letter, the newest first."""
    files = [(path, path.stat().st_mtime_ns) for path in folder.glob("*.eml")] if folder.is_dir() else []
    latest = sorted(files, key=lambda found: found[1], reverse=True)[:MOST_SHOWN]
    return sorted((_read(path, changed) for path, changed in latest), key=lambda letter: letter.at, reverse=True)


def letter(folder: Path, name: str) -> Letter | None:
    """Return one letter by the name of its file."""
    path = folder / f"{name}.eml"
    return _read(path, path.stat().st_mtime_ns) if _NAME.fullmatch(name) and path.is_file() else None


def matching(found: Sequence[Letter], *, to: str, words: str) -> list[Letter]:
    """Keep the letters to one address that contain every word."""
    wanted = words.casefold().split()
    return [
        each
        for each in found
        if (not to or each.to == to)
        and all(word in f"{each.subject} {each.to} {each.text}".casefold() for word in wanted)
    ]


@lru_cache(maxsize=MOST_SHOWN)
def _read(path: Path, _changed: int) -> Letter:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    at = parsedate_to_datetime(str(message["Date"]))
    return Letter(
        name=path.stem,
        sender=str(message["From"]),
        to=parseaddr(str(message["To"]))[1].lower(),
        subject=str(message["Subject"]),
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(_attached(part) for part in message.iter_attachments()),
        is_text=message[TEXT_MARK] == "text",
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _attached(part: EmailMessage) -> Attached:
    payload = part.get_payload(decode=True)
    return Attached(
        part.get_filename() or "attachment",
        part.get_content_type(),
        payload if isinstance(payload, bytes) else b"",
    )


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's HTML made harmless, and the stylesheet that goes with it."""

    body: str
    css: str


def rendered(html: str) -> Rendered:
    """Rebuild a letter from what letters may contain."""
    builder = _Rebuild()
    builder.feed(html)
    builder.close()
    rules = "\n".join(f".s{number} {{ {style} }}" for style, number in builder.styles.items())
    return Rendered("".join(builder.out), rules)


class _Rebuild(HTMLParser):
    """Copy what is known, drop the rest; styles become numbered classes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.styles: dict[str, int] = {}
        self._skipping = 0
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Copy a known element with its class and, for links, its address."""
        if tag in _SKIPPED:
            self._skipping += 1
        if self._skipping or (tag not in _TAGS and tag != "body"):
            return
        given = {name: value or "" for name, value in attrs}
        kept = self._class(given.get("style", ""))
        if tag == "a" and _LINK.match(given.get("href", "")):
            kept += f' href="{escape(given["href"])}"'
        shown = "div" if tag == "body" else tag
        self.out.append(f"<{shown}{kept}>")
        if shown not in _EMPTY:
            self._open.append(shown)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
            return
        shown = "div" if tag == "body" else tag
        if not self._skipping and shown in self._open:
            while (last := self._open.pop()) != shown:
                self.out.append(f"</{last}>")
            self.out.append(f"</{shown}>")

    def handle_data(self, data: str) -> None:
        """Copy words."""
        if not self._skipping:
            self.out.append(escape(data))

    def close(self) -> None:
        """Close whatever was left open."""
        super().close()
        while self._open:
            self.out.append(f"</{self._open.pop()}>")

    def _class(self, style: str) -> str:
        if not style or not _STYLE.fullmatch(style) or "url" in style.lower():
            return ""
        return f' class="s{self.styles.setdefault(style, len(self.styles))}"'
