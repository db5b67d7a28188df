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
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.mail import ON_THE_WIRE, Mail, as_message
from practice.core.receipts import Receipts

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpMailer:
    """Carry mail over SMTP (RFC 5321), encrypted wherever the server can."""

    def __init__(self, url: str, sender: str, receipts: Receipts) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        self._receipts = receipts
        self._proven: ssl.SSLContext | None = None

    def line(self) -> SmtpLine:
        """Open one connection for a batch."""
        return SmtpLine(self._connect, self._sender, self._receipts)

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port
        if self._proven is None:
            self._proven = ssl.create_default_context()
        proven = self._proven
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
        """Wait for the notes to be on the disk and hang up."""
        self._receipts.settle()
        self._hang_up()

    def send(self, mail: Mail, *, now: datetime) -> str:
        """Send; once the server has taken it, nothing makes it fail."""
        server = self._standing()
        try:
            content = _written(as_message(mail, self._sender, now))
            self._announce(server, mail)
            self._receipts.settle()
            _hand_over(server, content)
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
        sender = parseaddr(self._sender)[1]
        if server.has_extn("pipelining"):
            _announce_at_once(server, sender, recipient, options)
            return
        _judge(server.mail(sender, options), {250})
        _judge(server.rcpt(recipient), {250, 251})
        _judge(server.docmd("DATA"), {354})

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


def _announce_at_once(server: smtplib.SMTP, sender: str, recipient: str, options: list[str]) -> None:
    """Say all that comes before the letter in one breath, where the server lets us (RFC 2920)."""
    commands = (
        " ".join([f"MAIL FROM:{smtplib.quoteaddr(sender)}", *options]),
        f"RCPT TO:{smtplib.quoteaddr(recipient)}",
        "DATA",
    )
    encoding = "utf-8" if options else "ascii"
    server.send("".join(f"{each}\r\n" for each in commands).encode(encoding))
    answers = [server.getreply() for _ in commands]
    taken = answers[0][0] == 250 and answers[1][0] in {250, 251}
    if answers[2][0] == 354 and not taken:  # a server that waits for a letter to nobody gets an empty one (section 3.1)
        server.send(b".\r\n")
        server.getreply()
    for answer, wanted in zip(answers, ({250}, {250, 251}, {354}), strict=True):
        _judge(answer, wanted)


def _written(message: EmailMessage) -> bytes:
    return _LEADING_DOT.sub(b"..", message.as_bytes(policy=ON_THE_WIRE)) + b".\r\n"


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    try:
        server.send(content)
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
