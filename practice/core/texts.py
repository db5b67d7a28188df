"""Text messages: what one is, and what a provider of them must do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from practice.core.carriers import Line, NoLine

Fate = Literal["underway", "sent", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text message to one telephone.

    Providers keep no id of ours, so the words are what an earlier attempt is found by: they must be the same at
    every attempt and unlike those of any other message, as words with a one-time link or a code are.
    """

    to: str
    """In E.164, such as +12125550142."""
    body: str
    message_id: str = ""
    report_to: str = ""
    """Where the provider says what became of it."""
    planned_at: datetime | None = None

    def keyed(self, key: str, planned_at: datetime) -> Text:
        """Give it our own id, and the instant before which nothing can have been sent."""
        return replace(self, message_id=key, planned_at=planned_at)


@dataclass(frozen=True, slots=True)
class Report:
    """What the provider says became of a message; `code` is its name for a failure."""

    provider_id: str
    fate: Fate
    code: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text that somebody sent to the practice; `handled` when the provider has answered it itself (STOP, HELP)."""

    provider_id: str
    sender: str
    body: str
    handled: str = ""


class BadTextSignatureError(Exception):
    """The request was not signed by the provider."""


class Texter(Protocol):
    """Whoever carries texts."""

    offered: bool
    """Whether texts can be sent at all."""

    def line(self) -> AbstractContextManager[Line[Text]]:
        """Open a connection for a batch."""
        ...

    def read_report(self, url: str, fields: Mapping[str, str], signature: str) -> Report:
        """Verify and read what the provider says about a message. Raises BadTextSignatureError."""
        ...

    def read_incoming(self, url: str, fields: Mapping[str, str], signature: str) -> Incoming:
        """Verify and read a text that came in. Raises BadTextSignatureError."""
        ...

    def answer(self, words: str) -> str:
        """Say in the provider's own markup (XML) what to text back; nothing for no words."""
        ...


class NoTexter(NoLine):
    """No provider is set up."""

    offered = False

    def __init__(self) -> None:
        super().__init__("No provider for text messages is set up.")

    def read_report(self, url: str, fields: Mapping[str, str], signature: str) -> Report:
        """Believe nobody."""
        raise BadTextSignatureError

    def read_incoming(self, url: str, fields: Mapping[str, str], signature: str) -> Incoming:
        """Believe nobody."""
        raise BadTextSignatureError

    def answer(self, words: str) -> str:
        """Say nothing."""
        return ""
