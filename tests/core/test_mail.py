"""Mail over a real SMTP server, and into the demo's folder."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope, Session

from practice.core.mail import Attachment, Mail, MailRefusedError, MailServerDownError
from practice.core.mailers import MailboxMailer, Receipts, SmtpMailer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENDER = "Stillpoint <hello@stillpoint.example>"
LETTER = Mail(
    to="alice@example.org",
    subject="Your appointment\non Tuesday",
    text="See you then.",
    html="<p>See you then.</p>",
    attachments=(Attachment("appointment.ics", b"BEGIN:VCALENDAR", "text/calendar; method=REQUEST"),),
    message_id="<abc@stillpoint.example>",
)


class Mailroom(Message):
    """Keep what arrives; answer with `refusal` when it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[email.message.Message] = []
        self.refusal = ""
        self.rude = False

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Say goodbye, or anything but."""
        return "421 away with you" if self.rude else "221 Bye"

    def handle_message(self, message: email.message.Message) -> None:
        """Keep a message."""
        self.arrived.append(message)


@pytest.fixture
def mailroom() -> Mailroom:
    """What the server received."""
    return Mailroom()


@pytest.fixture
def receipts(tmp_path: Path) -> Receipts:
    """Where the server's replies are noted."""
    return Receipts(tmp_path / "receipts")


@pytest.fixture
def smtp(mailroom: Mailroom):
    """A real SMTP server on loopback."""
    controller = Controller(mailroom, hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_letter_arrives_with_both_texts_and_its_attachment(smtp: str, mailroom: Mailroom, receipts: Receipts) -> None:
    SmtpMailer(smtp, SENDER, receipts).send(LETTER, now=NOW)
    [arrived] = mailroom.arrived
    assert arrived["Message-ID"] == "<abc@stillpoint.example>"
    assert arrived["Subject"] == "Your appointment on Tuesday"
    kinds = [part.get_content_type() for part in arrived.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]


def test_an_address_the_server_will_never_take_is_refused_for_good(
    smtp: str, mailroom: Mailroom, receipts: Receipts
) -> None:
    mailroom.refusal = "550 no such mailbox"
    with pytest.raises(MailRefusedError):
        SmtpMailer(smtp, SENDER, receipts).send(LETTER, now=NOW)


def test_a_server_that_asks_for_patience_is_asked_again(smtp: str, mailroom: Mailroom, receipts: Receipts) -> None:
    mailroom.refusal = "451 try later"
    with pytest.raises(MailServerDownError):
        SmtpMailer(smtp, SENDER, receipts).send(LETTER, now=NOW)


def test_a_server_that_is_not_there_is_asked_again(receipts: Receipts) -> None:
    with pytest.raises(MailServerDownError):
        SmtpMailer(f"smtp://127.0.0.1:{_free_port()}", SENDER, receipts).send(LETTER, now=NOW)


def test_the_demo_keeps_one_file_for_one_message_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = MailboxMailer(tmp_path / "mailbox", SENDER)
    mailer.send(LETTER, now=NOW)
    mailer.send(LETTER, now=NOW)
    [kept] = (tmp_path / "mailbox").iterdir()
    message = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert message["To"] == "alice@example.org"


def test_what_the_server_took_is_known_to_the_next_scheduler(smtp: str, receipts: Receipts, tmp_path: Path) -> None:
    SmtpMailer(smtp, SENDER, receipts).send(LETTER, now=NOW)
    other = SmtpMailer(smtp, SENDER, Receipts(tmp_path / "receipts"))
    assert other.took(LETTER.message_id)
    assert not other.took("<other@stillpoint.example>")


def test_what_the_server_refused_is_not_noted(smtp: str, mailroom: Mailroom, receipts: Receipts) -> None:
    mailroom.refusal = "451 try later"
    with pytest.raises(MailServerDownError):
        SmtpMailer(smtp, SENDER, receipts).send(LETTER, now=NOW)
    assert not receipts.holds(LETTER.message_id)


def test_a_server_that_hangs_up_rudely_has_still_taken_the_letter(
    smtp: str, mailroom: Mailroom, receipts: Receipts
) -> None:
    mailroom.rude = True
    SmtpMailer(smtp, SENDER, receipts).send(LETTER, now=NOW)
    assert len(mailroom.arrived) == 1
    assert receipts.holds(LETTER.message_id)


def test_old_receipts_are_dropped(receipts: Receipts) -> None:
    receipts.note("<old@stillpoint.example>", NOW)
    receipts.note("<new@stillpoint.example>", NOW + timedelta(days=9))
    receipts.prune(before=NOW + timedelta(days=8))
    assert (receipts.holds("<old@stillpoint.example>"), receipts.holds("<new@stillpoint.example>")) == (False, True)
