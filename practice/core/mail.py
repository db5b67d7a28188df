"""Mail: what a message is and how it is composed.

SMTP cannot be asked whether it took a message, so every attempt at one message
carries the same Message-ID (RFC 5322, 3.6.4) and the receiving side can tell.
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any, Protocol

from practice.core.carriers import Line

_registry = HeaderRegistry()


class _Headers:
    """The library's headers, parsed once for all letters that share them: that is most of what writing one takes."""

    __getitem__ = staticmethod(lru_cache(maxsize=64)(_registry.__getitem__))
    __call__ = staticmethod(lru_cache(maxsize=512)(_registry))


WRITTEN = policy.default.clone(header_factory=_Headers())
ON_THE_WIRE = WRITTEN.clone(linesep="\r\n", utf8=True)


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
    """Whoever carries mail."""

    def line(self) -> AbstractContextManager[Line[Mail]]:
        """Open a connection for a batch; it connects when the first message is sent."""
        ...


def compose(template: str, *, to: str, subject: str, attachments: tuple[Attachment, ...] = (), **context: Any) -> Mail:
    """Render `<template>.txt` and `<template>.html` into a message."""
    from flask import render_template  # noqa: PLC0415 -- the postman, who writes nothing, starts quicker without

    return Mail(
        to=to,
        subject=subject,
        text=render_template(f"{template}.txt", subject=subject, **context),
        html=render_template(f"{template}.html", subject=subject, **context),
        attachments=attachments,
    )


def as_message(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """Build the MIME message."""
    message = EmailMessage(WRITTEN)
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
