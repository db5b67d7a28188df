"""Stand-ins for the world outside the process: a clock, a mailer, a printer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from practice.core.carriers import OutcomeUnknownError
from practice.core.mail import Mail
from practice.core.texts import BadTextSignatureError, Fate, Incoming, Report, Text

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock that moves only when told."""

    instant: datetime = MONDAY_MORNING
    seconds: float = 0.0

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.instant

    def advance(self, **time: float) -> datetime:
        """Move on by `minutes=5`, `hours=1`, … and return the new instant."""
        self.instant += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()
        return self.instant

    def jump(self, **time: float) -> datetime:
        """Set the time of day by `hours=2`, `hours=-2`, … while no time passes."""
        self.instant += timedelta(**time)
        return self.instant

    def steady(self) -> float:
        """Return the seconds that have really passed."""
        return self.seconds


@dataclass(slots=True)
class RecordingMailer:
    """Keep what would have been sent; `refusal` is raised instead when set."""

    sent: list[Mail] = field(default_factory=list)
    refusal: Exception | None = None
    taken: set[str] = field(default_factory=set)
    lines: int = 0
    meanwhile: Callable[[], object] = lambda: None

    @contextmanager
    def line(self) -> Iterator[RecordingMailer]:
        """Be one's own line."""
        self.lines += 1
        yield self

    def send(self, mail: Mail, *, now: datetime) -> str:
        """Keep the message, or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(mail)
        self.meanwhile()
        return ""

    def found(self, mail: Mail) -> str | None:
        """Tell whether an earlier attempt is known to have gone through."""
        return "" if mail.message_id in self.taken else None

    def to(self, address: str) -> list[Mail]:
        """Return what one person received."""
        return [mail for mail in self.sent if mail.to == address]


@dataclass(slots=True)
class RecordingTexter:
    """Keep texts; believes whatever is signed with "signed", and takes two fields for a report."""

    sent: list[Text] = field(default_factory=list)
    refusal: Exception | None = None
    offered: bool = True

    @contextmanager
    def line(self) -> Iterator[RecordingTexter]:
        """Be one's own line."""
        yield self

    def send(self, text: Text, *, now: datetime) -> str:
        """Keep the text, or raise the refusal; one whose fate is unknown was taken."""
        if self.refusal is None or isinstance(self.refusal, OutcomeUnknownError):
            self.sent.append(text)
        if self.refusal is not None:
            raise self.refusal
        return f"SM{len(self.sent)}"

    def found(self, text: Text) -> str | None:
        """Look for the words."""
        return next((f"SM{place}" for place, each in enumerate(self.sent, 1) if each.body == text.body), None)

    def read_report(self, url: str, fields: Mapping[str, str], signature: str) -> Report:
        """Read `id`, `fate` and `code`."""
        if signature != "signed":
            raise BadTextSignatureError
        return Report(fields["id"], cast(Fate, fields["fate"]), fields.get("code", ""))

    def read_incoming(self, url: str, fields: Mapping[str, str], signature: str) -> Incoming:
        """Read `id`, `from`, `body` and `handled`."""
        if signature != "signed":
            raise BadTextSignatureError
        return Incoming(fields["id"], fields["from"], fields["body"], fields.get("handled", ""))

    def answer(self, words: str) -> str:
        """Say the words as they are."""
        return words

    def to(self, phone: str) -> list[str]:
        """Return the words one telephone received."""
        return [text.body for text in self.sent if text.to == phone]


@dataclass(slots=True)
class FakePrinter:
    """Keep the pages it was given and return a PDF that says so."""

    printed: list[str] = field(default_factory=list)

    def pdf(self, html: str, *, title: str, **_more: object) -> bytes:
        """Return a token PDF with the title in it."""
        self.printed.append(html)
        return b"%PDF-1.7\n% " + title.encode() + b"\n%%EOF\n"
