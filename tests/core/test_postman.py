"""The process that carries letters outlives its scheduler, and with it the sign that somebody is still at work."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from practice.core import presence
from practice.core.carriers import LineDownError, RefusedError
from practice.core.mail import Mail
from practice.core.postman import Postman
from tests.support.ports import free_ports
from tests.support.servers import Mailbox, until
from tests.support.tree import ROOT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENDER = "Stillpoint <hello@stillpoint.example>"
LETTER = Mail("alice@example.org", "Tea", "At four.", message_id="<tea@stillpoint.example>")
SCHEDULER = f"""
import sys
from datetime import UTC, datetime
from pathlib import Path
from practice.core import presence
from practice.core.mail import Mail
from practice.core.postman import Postman
with presence.shown(Path(sys.argv[1]), "killed"), Postman(sys.argv[2], {SENDER!r}, Path(sys.argv[3])).line() as line:
    letter = Mail("alice@example.org", "Tea", "At four.", message_id="<tea@stillpoint.example>")
    line.send(letter, now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
"""


def test_a_postman_carries_letters_and_brings_back_what_the_server_said(
    mail_server: tuple[str, Mailbox], tmp_path: Path
) -> None:
    url, mailbox = mail_server
    mailbox.unknown = {"nobody@example.org"}
    postman = Postman(url, SENDER, tmp_path)
    with postman.line() as line:
        line.send(LETTER, now=NOW)
        with pytest.raises(RefusedError) as refused:
            line.send(Mail("nobody@example.org", "Tea", "At four.", message_id="<no@stillpoint.example>"), now=NOW)
    assert (refused.value.code, len(mailbox.messages), postman.found(LETTER)) == ("550", 1, "")
    assert postman.found(Mail("nobody@example.org", "", "", message_id="<no@stillpoint.example>")) is None
    postman.end()


def test_a_server_that_is_not_there_is_not_the_postmans_end(tmp_path: Path) -> None:
    postman = Postman(f"smtp://127.0.0.1:{free_ports(1)[0]}", SENDER, tmp_path)
    for _ in range(2):
        with postman.line() as line, pytest.raises(LineDownError):
            line.send(LETTER, now=NOW)
    postman.end()


def test_a_scheduler_killed_while_the_server_has_the_letter_leaves_a_note_and_is_not_dead_before(
    mail_server: tuple[str, Mailbox], tmp_path: Path
) -> None:
    url, mailbox = mail_server
    mailbox.gate = threading.Event()
    signs, receipts = tmp_path / "signs", tmp_path / "receipts"
    killed = subprocess.Popen([sys.executable, "-c", SCHEDULER, signs, url, receipts], cwd=ROOT)
    until(lambda: mailbox.messages, what="the letter")
    killed.kill()
    killed.wait()
    assert not presence.is_dead(signs, "killed")
    mailbox.gate.set()
    until(lambda: presence.is_dead(signs, "killed"), what="the postman's end")
    assert Postman(url, SENDER, receipts).found(LETTER) == ""
    assert len(mailbox.messages) == 1


def test_only_a_sign_of_this_machine_that_nobody_holds_proves_a_death(tmp_path: Path) -> None:
    assert not presence.is_dead(tmp_path, "never seen")
    with presence.shown(tmp_path, "host:1:ab"):
        assert not presence.is_dead(tmp_path, "host:1:ab")
    assert presence.is_dead(tmp_path, "host:1:ab")
    [sign] = tmp_path.iterdir()
    sign.write_text("another kernel")
    assert not presence.is_dead(tmp_path, "host:1:ab")
