"""Mail over a real SMTP server, and into the demo's folder."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.mail import Attachment, Mail, Mailer
from practice.core.mailers import MailboxMailer, SmtpMailer
from practice.core.receipts import Receipts
from tests.support.ports import free_ports
from tests.support.servers import Mailbox

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


def send(mailer: Mailer, *letters: Mail) -> None:
    """Send letters over one line."""
    with mailer.line() as line:
        for letter in letters:
            line.send(letter, now=NOW)


@pytest.fixture
def receipts(tmp_path: Path) -> Receipts:
    """Where the server's replies are noted."""
    return Receipts(tmp_path / "receipts")


@pytest.fixture
def mailbox(mail_server: tuple[str, Mailbox]) -> Mailbox:
    """What a real mail server received."""
    return mail_server[1]


@pytest.fixture
def mailer(mail_server: tuple[str, Mailbox], receipts: Receipts) -> SmtpMailer:
    """A mailer that speaks to it."""
    return SmtpMailer(mail_server[0], SENDER, receipts)


def test_a_letter_arrives_with_both_texts_and_its_attachment(
    mailer: SmtpMailer, mailbox: Mailbox, receipts: Receipts
) -> None:
    send(mailer, LETTER)
    [arrived] = mailbox.messages
    assert arrived["Message-ID"] == "<abc@stillpoint.example>"
    assert arrived["Subject"] == "Your appointment on Tuesday"
    kinds = [part.get_content_type() for part in arrived.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]


def test_an_address_the_server_will_never_take_is_refused_for_good(
    mailer: SmtpMailer, mailbox: Mailbox, receipts: Receipts
) -> None:
    mailbox.refusals.append("550 No such mailbox")
    with pytest.raises(RefusedError):
        send(mailer, LETTER)


def test_a_server_that_asks_for_patience_is_asked_again(
    mailer: SmtpMailer, mailbox: Mailbox, receipts: Receipts
) -> None:
    mailbox.refusals.append("451 Try again later")
    with pytest.raises(CarrierDownError):
        send(mailer, LETTER)


def test_a_server_that_is_not_there_is_asked_again(receipts: Receipts) -> None:
    with pytest.raises(LineDownError):
        send(SmtpMailer(f"smtp://127.0.0.1:{free_ports(1)[0]}", SENDER, receipts), LETTER)


def test_the_demo_keeps_one_file_for_one_message_however_often_it_is_sent(tmp_path: Path) -> None:
    mailer = MailboxMailer(tmp_path / "mailbox", SENDER)
    send(mailer, LETTER)
    send(mailer, LETTER)
    [kept] = (tmp_path / "mailbox").iterdir()
    message = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert message["To"] == "alice@example.org"


def test_what_the_server_took_is_known_to_the_next_scheduler(
    mailer: SmtpMailer, receipts: Receipts, tmp_path: Path
) -> None:
    send(mailer, LETTER)
    other = SmtpMailer("smtp://127.0.0.1", SENDER, Receipts(tmp_path / "receipts"))
    with other.line() as line:
        assert line.found(LETTER) == ""
        assert line.found(replace(LETTER, message_id="<other@stillpoint.example>")) is None


def test_what_the_server_refused_is_not_noted(mailer: SmtpMailer, mailbox: Mailbox, receipts: Receipts) -> None:
    mailbox.refusals.append("451 Try again later")
    with pytest.raises(CarrierDownError):
        send(mailer, LETTER)
    assert not receipts.holds(LETTER.message_id)


def test_a_server_that_hangs_up_rudely_has_still_taken_the_letter(
    mailer: SmtpMailer, mailbox: Mailbox, receipts: Receipts
) -> None:
    mailbox.hangs_up = True
    send(mailer, LETTER)
    assert len(mailbox.messages) == 1
    assert receipts.holds(LETTER.message_id)


def test_old_receipts_are_dropped(receipts: Receipts) -> None:
    receipts.note("<old@stillpoint.example>", NOW)
    receipts.note("<new@stillpoint.example>", NOW + timedelta(days=9))
    receipts.prune(before=NOW + timedelta(days=8))
    assert (receipts.holds("<old@stillpoint.example>"), receipts.holds("<new@stillpoint.example>")) == (False, True)


def test_a_batch_of_letters_goes_over_one_connection(mailer: SmtpMailer, mailbox: Mailbox) -> None:
    send(mailer, *(replace(LETTER, message_id=f"<{number}@stillpoint.example>") for number in range(5)))
    assert (len(mailbox.messages), mailbox.connections) == (5, 1)


def test_a_refusal_in_the_middle_does_not_break_the_connection(mailer: SmtpMailer, mailbox: Mailbox) -> None:
    mailbox.refusals.append("550 No such mailbox")
    with mailer.line() as line:
        with pytest.raises(RefusedError) as refused:
            line.send(LETTER, now=NOW)
        line.send(LETTER, now=NOW)
    assert (refused.value.code, len(mailbox.messages), mailbox.connections) == ("550", 1, 1)


def test_a_connection_that_breaks_while_the_server_has_the_letter_leaves_it_unknown(
    mailer: SmtpMailer, mailbox: Mailbox
) -> None:
    mailbox.breaks = 1
    with mailer.line() as line:
        with pytest.raises(OutcomeUnknownError):
            line.send(LETTER, now=NOW)
        assert line.found(LETTER) is None
        line.send(LETTER, now=NOW)
    assert (len(mailbox.messages), mailbox.connections) == (2, 2)


def test_lines_that_begin_with_a_dot_arrive_as_they_were(mailer: SmtpMailer, mailbox: Mailbox) -> None:
    send(mailer, Mail("alice@example.org", "Dots", "One\n.two\n..three\n.\nfour\n"))
    assert mailbox.messages[0].get_payload(decode=True).splitlines() == [b"One", b".two", b"..three", b".", b"four"]


def test_a_server_that_takes_commands_together_gets_them_together_and_one_refusal_spoils_no_other_letter(
    mailer: SmtpMailer, mailbox: Mailbox
) -> None:
    mailbox.pipelines, mailbox.unknown = True, {"nobody@example.org"}
    with mailer.line() as line:
        line.send(LETTER, now=NOW)
        with pytest.raises(RefusedError) as refused:
            line.send(replace(LETTER, to="nobody@example.org"), now=NOW)
        line.send(LETTER, now=NOW)
    assert (refused.value.code, len(mailbox.messages), mailbox.connections) == ("550", 2, 1)
