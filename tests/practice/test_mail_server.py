"""Mail really leaves: SMTP to a server that nobody here wrote."""

from __future__ import annotations

import pytest

from practice.core.mail import Mail, MailRefusedError, MailServerDownError, SmtpMailer
from tests.fakes import MONDAY_MORNING
from tests.support.servers import Mailbox, free_ports

NOTE = Mail(to="alice@example.org", subject="Your time", text="Tomorrow at nine.", html="<p>Tomorrow at nine.</p>")
SENDER = "Stillpoint <hello@stillpoint.example>"


def test_a_message_arrives_as_text_and_as_html(mail_server: tuple[str, Mailbox]) -> None:
    url, mailbox = mail_server
    SmtpMailer(url, SENDER).send(NOTE.keyed("reminder:1", "stillpoint.example"), now=MONDAY_MORNING)
    (message,) = mailbox.to("alice@example.org")
    assert message["From"] == SENDER
    assert message["Message-ID"].endswith("@stillpoint.example>")
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]


def test_a_server_that_is_busy_is_asked_again_later(mail_server: tuple[str, Mailbox]) -> None:
    url, mailbox = mail_server
    mailbox.refusals.append("451 Try again later")
    with pytest.raises(MailServerDownError):
        SmtpMailer(url, SENDER).send(NOTE, now=MONDAY_MORNING)
    SmtpMailer(url, SENDER).send(NOTE, now=MONDAY_MORNING)
    assert len(mailbox.messages) == 1


def test_a_message_refused_for_good_is_not_tried_again(mail_server: tuple[str, Mailbox]) -> None:
    url, mailbox = mail_server
    mailbox.refusals.append("550 No such mailbox")
    with pytest.raises(MailRefusedError):
        SmtpMailer(url, SENDER).send(NOTE, now=MONDAY_MORNING)


def test_a_server_that_is_down_is_asked_again_later() -> None:
    (port,) = free_ports(1)
    with pytest.raises(MailServerDownError):
        SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(NOTE, now=MONDAY_MORNING)
