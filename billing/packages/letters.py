"""Mail about packages."""

from __future__ import annotations

from datetime import datetime

from billing.packages import queries
from billing.packages.models import SoldPackage
from billing.packages.services import LOW
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Practice


@renders(LOW)
def low(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Say that few sessions are left of what was bought ahead; nothing once it has ended."""
    sold = db.session.get_one(SoldPackage, message.payload["sold_id"])
    found = queries.standing(sold)
    if sold.ended_at is not None:
        return None
    left = "1 session" if found.sessions == 1 else f"{max(found.sessions, 0)} sessions"
    return compose(
        "emails/billing/package_low",
        to=sold.client.email,
        subject=f"{left.capitalize()} left of those you paid ahead",
        person=sold.client,
        left=left,
        link=absolute("billing.own_packages"),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
    )
