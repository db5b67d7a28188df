"""Several scheduler processes, some of them killed in the middle, and a real SMTP server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from practice.core import outbox
from practice.core.db import db, reading
from practice.core.outbox import OutboxMessage
from practice.core.settings import Settings
from tests.builders import LONG_AGO
from tests.support.servers import Mailbox

MESSAGES = 60
WORKER = """
import sys, time
from app import create_app
from practice.core import delivery, outbox
from practice.core.mail import Mail
app = create_app()
outbox.renders("test.kettle")(lambda message, now: Mail("alice@example.org", message.key, "Words."))
with app.app_context():
    courier = delivery.Courier(sys.argv[1], lease_seconds=3.0)
    with delivery.Roads() as roads:
        while True:
            courier.deliver(roads, most=3) or time.sleep(0.05)
"""

pytestmark = pytest.mark.race


def _workers(settings: Settings, mail_url: str, count: int) -> list[subprocess.Popen[bytes]]:
    told = {
        f"STILLPOINT_{name.upper()}": str(value)
        for name, value in settings.model_dump().items()
        if value not in {"", None}
    }
    environ = {**os.environ, **told, "STILLPOINT_SMTP_URL": mail_url}
    return [
        subprocess.Popen([sys.executable, "-c", WORKER, f"worker-{number}"], env=environ) for number in range(count)
    ]


def _plan() -> None:
    for number in range(MESSAGES):
        outbox.plan(key=f"letter-{number}", kind="test.kettle", due_at=LONG_AGO, now=LONG_AGO)
    db.session.commit()


def _unsent() -> int:
    with reading():
        count = db.session.scalar(select(func.count()).where(OutboxMessage.state != "sent")) or 0
        db.session.rollback()
    return count


def _wait_until_sent(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _unsent() and time.monotonic() < deadline:
        time.sleep(0.05)


def _arrived(mailbox: Mailbox) -> Counter[str]:
    return Counter(str(message["Message-ID"]) for message in mailbox.messages)


def _stop(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.kill()
        worker.wait()


def test_three_schedulers_send_every_message_once(
    app: object, settings: Settings, mail_server: tuple[str, Mailbox]
) -> None:
    url, mailbox = mail_server
    _plan()
    workers = _workers(settings, url, 3)
    _wait_until_sent(150)
    _stop(workers)
    assert len(_arrived(mailbox)) == MESSAGES
    assert set(_arrived(mailbox).values()) == {1}


def test_what_a_killed_scheduler_held_is_sent_by_another(
    app: object, settings: Settings, mail_server: tuple[str, Mailbox]
) -> None:
    url, mailbox = mail_server
    _plan()
    [killed] = _workers(settings, url, 1)
    deadline = time.monotonic() + 60
    while not list(settings.var_dir.glob("receipts/*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    workers = _workers(settings, url, 2)
    _wait_until_sent(150)
    _stop(workers)
    assert len(_arrived(mailbox)) == MESSAGES
    assert sum(_arrived(mailbox).values()) <= MESSAGES + 1  # the one on its way when the process died
