"""The two ways mail leaves: over SMTP, and into the demo's own mailbox.

SMTP cannot be asked whether it took a message, so its 250 reply is noted in a file
and forced to disk before anything else happens. A scheduler that is killed after that
leaves a note for the next one, which then does not send again. Only a kill in the
instant between the reply and the note can send a message twice, and both copies carry
the same Message-ID.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import smtplib
import ssl
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from practice.core.mail import Mail, MailRefusedError, MailServerDownError, as_message

TIMEOUT_SECONDS = 20


class Receipts:
    """What a mail server has taken: one file a day, one Message-ID a line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, message_id: str, now: datetime) -> None:
        """Write it down and wait until it is on the disk."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{now:%Y-%m-%d}.taken"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{message_id}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

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

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Send over a fresh connection; once the server has taken it, nothing makes it fail."""
        try:
            server = self._connect()
            try:
                server.send_message(as_message(mail, self._sender, now))
                if mail.message_id:
                    self._receipts.note(mail.message_id, now)
            finally:
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    server.quit()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise (MailRefusedError if _is_final(error) else MailServerDownError)(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerDownError(str(error)) from error

    def took(self, message_id: str) -> bool:
        """Tell whether the server's reply to an earlier attempt was noted."""
        return self._receipts.holds(message_id)

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


class MailboxMailer:
    """Keep mail in a folder, for the demo: one file a message, named by its Message-ID."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Write the message, or over the same message sent before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = _name(mail.message_id or f"{mail.to} {mail.subject} {now}")
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(as_message(mail, self._sender, now).as_bytes())
        unfinished.replace(self._folder / f"{name}.eml")

    def took(self, message_id: str) -> bool:
        """Tell whether the message lies in the folder."""
        return (self._folder / f"{_name(message_id)}.eml").exists()


def _name(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:24]


def _is_final(error: smtplib.SMTPException) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
