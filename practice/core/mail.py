"""Mail: what a message is, how it is composed, and the two ways it leaves.

SMTP cannot be asked whether it took a message, so every attempt at one message
carries the same Message-ID (RFC 5322, 3.6.4) and the receiving side can tell.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from flask import render_template

TIMEOUT_SECONDS = 20


class MailRefusedError(Exception):
    """The mail server will never take this message."""


class MailServerDownError(Exception):
    """The mail server could not be reached or asked to try again."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    filename: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message to one person, as text and as HTML."""

    to: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    message_id: str = ""

    def keyed(self, key: str, domain: str) -> Mail:
        """Give it the Message-ID that belongs to this key, the same at every attempt."""
        return replace(self, message_id=f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>")


class Mailer(Protocol):
    """Hand a message to whoever carries it."""

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Send, or raise MailRefusedError or MailServerDownError."""
        ...


class SmtpMailer:
    """Carry mail over SMTP (RFC 5321), encrypted wherever the server can."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, mail: Mail, *, now: datetime) -> None:
        """Send over a fresh connection."""
        try:
            with self._connect() as server:
                server.send_message(as_message(mail, self._sender, now))
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise (MailRefusedError if _is_final(error) else MailServerDownError)(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerDownError(str(error)) from error

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
        name = hashlib.sha256((mail.message_id or mail.to + mail.subject + str(now)).encode()).hexdigest()[:24]
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(as_message(mail, self._sender, now).as_bytes())
        unfinished.replace(self._folder / f"{name}.eml")


def compose(template: str, *, to: str, subject: str, attachments: tuple[Attachment, ...] = (), **context: Any) -> Mail:
    """Render `<template>.txt` and `<template>.html` into a message."""
    return Mail(
        to=to,
        subject=subject,
        text=render_template(f"{template}.txt", subject=subject, **context),
        html=render_template(f"{template}.html", subject=subject, **context),
        attachments=attachments,
    )


def as_message(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """Build the MIME message."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    if mail.message_id:
        message["Message-ID"] = mail.message_id
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        main, _, rest = attachment.content_type.partition("/")
        subtype, *parameters = (part.strip() for part in rest.split(";"))
        message.add_attachment(
            attachment.content,
            maintype=main,
            subtype=subtype,
            filename=attachment.filename,
            params=dict(parameter.split("=", 1) for parameter in parameters),
        )
    return message


def sender_domain(sender: str) -> str:
    """Return the domain of the practice's own address."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _is_final(error: smtplib.SMTPException) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
