"""Several scheduler processes, some of them killed in the middle, and a real SMTP server."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from practice.core import outbox
from practice.core.db import db, reading
from practice.core.outbox import OutboxMessage
from practice.core.settings import Settings
from tests.builders import LONG_AGO
from tests.support.schedulers import HANGS, deliver_and_hang, only_deliver, running
from tests.support.servers import Mailbox, until

MESSAGES = 60
pytestmark = pytest.mark.race


def _plan() -> None:
    for number in range(MESSAGES):
        outbox.plan(key=f"letter-{number}", kind="test.kettle", due_at=LONG_AGO, now=LONG_AGO)
    db.session.commit()


def _unsent() -> int:
    with reading():
        count = db.session.scalar(select(func.count()).where(OutboxMessage.state != "sent")) or 0
        db.session.rollback()
    return count


def _held() -> int:
    with reading():
        count = db.session.scalar(select(func.count()).where(OutboxMessage.state == "sending")) or 0
        db.session.rollback()
    return count


def _arrived(mailbox: Mailbox) -> Counter[str]:
    return Counter(str(message["Message-ID"]) for message in mailbox.messages)


def test_three_schedulers_send_every_message_once(
    app: object, settings: Settings, mail_server: tuple[str, Mailbox]
) -> None:
    url, mailbox = mail_server
    _plan()
    with running(only_deliver, settings, count=3, smtp_url=url):
        until(lambda: not _unsent(), seconds=150, what="the last letter")
    assert len(_arrived(mailbox)) == MESSAGES
    assert set(_arrived(mailbox).values()) == {1}


def test_what_a_killed_scheduler_held_is_sent_by_another(
    app: object, settings: Settings, mail_server: tuple[str, Mailbox]
) -> None:
    url, mailbox = mail_server
    _plan()
    with running(deliver_and_hang, settings, count=1, smtp_url=url):
        until((settings.var_dir / HANGS).exists, what="the scheduler to hang over a letter")
    assert 0 < _unsent() < MESSAGES
    assert _held() == 3
    with running(only_deliver, settings, count=2, smtp_url=url):
        until(lambda: not _unsent(), seconds=150, what="the last letter")
    assert len(_arrived(mailbox)) == MESSAGES
    assert set(_arrived(mailbox).values()) == {1}
