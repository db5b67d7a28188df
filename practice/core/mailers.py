"""The two ways mail leaves: over SMTP, and into the demo's own mailbox.

SMTP cannot be asked whether it took a message, so its 250 reply is noted in a file at
once, before anything else happens. A scheduler that is killed after that leaves a note
for the next one, which then does not send again. Only a kill in the instant between
the reply and the note can send a message twice, and both copies carry the same
Message-ID. Notes survive a kill as soon as they are written; against a power cut they
are forced to disk several times a second and before a batch is settled.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.mail import Mail, as_message

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
FORCED_EVERY_SECONDS = 0.25
_ON_THE_WIRE = policy.SMTP.clone(utf8=True)
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Receipts:
    """What a mail server has taken: one file a day, one Message-ID a line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unforced: set[Path] = set()
        self._forced_at = 0.0

    def note(self, message_id: str, now: datetime) -> None:
        """Write it down; it outlives this process from here on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{now:%Y-%m-%d}.taken"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{message_id}\n".encode())
        finally:
            os.close(descriptor)
        self._unforced.add(path)
        if time.monotonic() - self._forced_at > FORCED_EVERY_SECONDS:
            self.force()

    def force(self) -> None:
        """Wait until everything noted is on the disk."""
        for path in self._unforced:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        self._unforced.clear()
        self._forced_at = time.monotonic()

    def holds(self, message_id: str) -> bool:
        """Tell whether it was written down."""
        line = f"{message_id}\n".encode()
        return any(line in path.read_bytes() for path in self._folder.glob("*.taken"))

    def prune(self, *, before: datetime) -> None:
        """Drop the files of days long settled."""
        for path in self._folder.glob("*.taken"):
            if path.stem < f"{before:%Y-%m-%d}":
                path.unlink(missing_ok=True)


class SmtpMailer:
    """Carry mail over SMTP (RFC 5321), encrypted wherever the server can."""

    def __init__(self, url: str, sender: str, receipts: Receipts) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._receipts = receipts

    def line(self) -> SmtpLine:
        """Open one connection for a batch."""
        return SmtpLine(self._connect, self._sender, self._receipts)

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port
        proven = ssl.create_default_context()
        if self._url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=proven)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            # A password goes only to a server that proves its name; a relay without one may sign its own certificate.
            if server.has_extn("starttls") or self._url.username:
                server.starttls(context=proven if self._url.username else None)
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


class SmtpLine:
    """One SMTP connection, made when first needed and made anew when the server hung up between two messages."""

    def __init__(self, connect: Callable[[], smtplib.SMTP], sender: str, receipts: Receipts) -> None:
        self._connect = connect
        self._sender = sender
        self._receipts = receipts
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Begin a batch."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Force the notes to disk and hang up."""
        self._receipts.force()
        self._hang_up()

    def send(self, mail: Mail, *, now: datetime) -> str:
        """Send; once the server has taken it, nothing makes it fail."""
        server = self._standing()
        try:
            self._announce(server, mail)
            _hand_over(server, as_message(mail, self._sender, now))
        except (RefusedError, CarrierDownError) as error:
            if isinstance(error, OutcomeUnknownError) or not self._begins_anew(server):
                self._hang_up()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            raise CarrierDownError(_words(error)) from error
        if mail.message_id:
            self._note(mail.message_id, now)
        return ""

    def found(self, mail: Mail) -> str | None:
        """Tell whether the server's reply to an earlier attempt was noted."""
        return "" if self._receipts.holds(mail.message_id) else None

    def _note(self, message_id: str, now: datetime) -> None:
        try:
            self._receipts.note(message_id, now)
        except OSError:  # the letter is out: a full disk must not make it look as if it were not
            log.exception("the reply to %s could not be noted", message_id)

    def _standing(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._connect()
                self._server.ehlo_or_helo_if_needed()
            except (OSError, smtplib.SMTPException) as error:
                self._hang_up()
                raise LineDownError(_words(error)) from error
        return self._server

    def _announce(self, server: smtplib.SMTP, mail: Mail) -> None:
        recipient = parseaddr(mail.to)[1]
        if not recipient.isascii() and not server.has_extn("smtputf8"):
            raise RefusedError("The mail server takes no letters outside ASCII in an address.", "553")
        options = [] if recipient.isascii() else ["SMTPUTF8"]
        _judge(server.mail(parseaddr(self._sender)[1], options), {250})
        _judge(server.rcpt(recipient), {250, 251})

    def _begins_anew(self, server: smtplib.SMTP) -> bool:
        """Clear the table for the next message; False when the server is leaving."""
        try:
            return server.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()


class MailboxMailer:
    """Keep mail in a folder, for the demo: one file a message, named by its Message-ID."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    @contextlib.contextmanager
    def line(self) -> Iterator[Self]:
        """Be one's own line."""
        yield self

    def send(self, mail: Mail, *, now: datetime) -> str:
        """Write the message, or over the same message sent before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = name_of(mail.message_id or f"{mail.to} {mail.subject} {now}")
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(as_message(mail, self._sender, now).as_bytes())
        unfinished.replace(self._folder / f"{name}.eml")
        return ""

    def found(self, mail: Mail) -> str | None:
        """Tell whether the message lies in the folder."""
        return "" if (self._folder / f"{name_of(mail.message_id)}.eml").exists() else None


def name_of(identity: str) -> str:
    """Return the name of the file that a message with this identity is kept in."""
    return hashlib.sha256(identity.encode()).hexdigest()[:24]


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    content = message.as_bytes(policy=_ON_THE_WIRE)
    _judge(server.docmd("DATA"), {354})
    try:
        server.send(_LEADING_DOT.sub(b"..", content) + b".\r\n")
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise OutcomeUnknownError(_words(error)) from error
    _judge(answer, {250})


def _judge(answer: tuple[int, bytes], wanted: set[int]) -> None:
    code, words = answer
    if code in wanted:
        return
    said = f"{code} {words.decode(errors='replace')}"
    if code >= 500:
        raise RefusedError(said, str(code))
    raise CarrierDownError(said)


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
