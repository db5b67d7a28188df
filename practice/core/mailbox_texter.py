"""The demo's texter: texts land in the mailbox, beside the letters, marked as what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Self

from practice.core.mailers import name_of
from practice.core.texts import BadTextSignatureError, Incoming, Report, Text

MARK = "X-Stillpoint-Channel"


class MailboxTexter:
    """Keep texts in the mailbox's folder: one file a message, named by our own id."""

    offered = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def line(self) -> Iterator[Self]:
        """Be one's own line."""
        yield self

    def send(self, text: Text, *, now: datetime) -> str:
        """Write the text, or over the same text sent before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = name_of(text.message_id or f"{text.to} {text.body} {now}")
        message = EmailMessage()
        message["From"] = "Stillpoint"
        message["To"] = text.to
        message["Subject"] = "Text message"
        message["Date"] = format_datetime(now)
        message[MARK] = "text"
        message.set_content(text.body)
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self._folder / f"{name}.eml")
        return name

    def found(self, text: Text) -> str | None:
        """Tell whether the text lies in the folder."""
        name = name_of(text.message_id)
        return name if (self._folder / f"{name}.eml").exists() else None

    def read_report(self, url: str, fields: Mapping[str, str], signature: str) -> Report:
        """Believe nobody: the demo has no provider that reports."""
        raise BadTextSignatureError

    def read_incoming(self, url: str, fields: Mapping[str, str], signature: str) -> Incoming:
        """Believe nobody: in the demo texts are answered on the mailbox page."""
        raise BadTextSignatureError

    def answer(self, words: str) -> str:
        """Say the words as they are."""
        return words
