"""Stand-ins for the world outside the process: a clock, a mailer, a printer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from practice.core.mail import Mail

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock that moves only when told."""

    instant: datetime = MONDAY_MORNING

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.instant

    def advance(self, **time: float) -> datetime:
        """Move on by `minutes=5`, `hours=1`, … and return the new instant."""
        self.instant += timedelta(**time)
        return self.instant


@dataclass(slots=True)
class RecordingMailer:
    """Keep what would have been sent; `refusal` is raised instead when set."""

    sent: list[Mail] = field(default_factory=list)
    refusal: Exception | None = None
    taken: set[str] = field(default_factory=set)

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Keep the message, or raise the refusal."""
        if self.refusal is not None:
            raise self.refusal
        self.sent.append(mail)

    def took(self, message_id: str) -> bool:
        """Tell whether an earlier attempt is known to have gone through."""
        return message_id in self.taken

    def to(self, address: str) -> list[Mail]:
        """Return what one person received."""
        return [mail for mail in self.sent if mail.to == address]


@dataclass(slots=True)
class FakePrinter:
    """Keep the pages it was given and return a PDF that says so."""

    printed: list[str] = field(default_factory=list)

    def pdf(self, html: str, *, title: str, **_more: object) -> bytes:
        """Return a token PDF with the title in it."""
        self.printed.append(html)
        return b"%PDF-1.7\n% " + title.encode() + b"\n%%EOF\n"
