"""Sending what is due, and texting back."""

from __future__ import annotations

import re
from datetime import timedelta

from booking.reminding import planning, replies
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.outbox import OutboxMessage
from practice.core.texts import Incoming
from tests.booking.builders import WEDNESDAY_AT_TEN

SMS = "sms"
PHONE = "+12125550142"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def send() -> None:
    """Send what is due."""
    while deliver_due("tests"):
        pass


def answer(body: str, now: object = None, sid: str = "SM-in", phone: str = PHONE, handled: str = "") -> str:
    """Text back; return what is answered."""
    said = replies.receive(Incoming(sid, phone, body, handled), WEDNESDAY_AT_TEN - DAY + HOUR)
    db.session.commit()
    return said


def link_in(words: str) -> str:
    """Find the way to a reminder's page."""
    return re.findall(r"https?://[^/]+(/r/\S+)", words)[0]


def states(channel: str = SMS) -> list[tuple[str, str]]:
    """Name what is planned by a channel, by its minutes, and what became of it."""
    db.session.expire_all()
    rows = db.session.query(OutboxMessage).filter_by(channel=channel, kind=planning.KIND).order_by(OutboxMessage.due_at)
    return [(each.key.rsplit(":", 2)[1], each.state) for each in rows]
