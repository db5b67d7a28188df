"""Mail about papers of money: neutral words, and a link."""

from __future__ import annotations

from datetime import datetime

from billing.papers.superbills import WANTED
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Person, Practice


@renders(WANTED)
def codes_wanted(message: OutboxMessage, _now: datetime) -> Mail:
    """Ask a counselor for what a client's paper waits for."""
    counselor = db.session.get_one(Person, message.payload["counselor_id"])
    return compose(
        "emails/billing/codes_wanted",
        to=counselor.email,
        subject="A client is waiting for a paper of yours",
        person=counselor,
        link=absolute("billing.coding"),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )
