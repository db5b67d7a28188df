"""Mail about agreed prices."""

from __future__ import annotations

from datetime import datetime

from billing.lowered.models import AgreedPrice
from billing.lowered.services import REVIEW
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice


@renders(REVIEW)
def review(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Ask a client to look at their price again; nothing once it has ended."""
    agreed = db.session.get_one(AgreedPrice, message.payload["agreed_price_id"])
    if agreed.ended_at is not None:
        return None
    return compose(
        "emails/billing/price_review",
        to=agreed.client.email,
        subject="Please look at your price again",
        person=agreed.client,
        review_on=agreed.review_on,
        link=absolute("billing.own_price"),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )
