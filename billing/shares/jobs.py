"""What the scheduler does about shares."""

from __future__ import annotations

from datetime import datetime

from billing.shares import queries, reckoning, sending, services
from practice.core.db import db
from practice.core.ports import ports
from practice.core.scheduler import every
from practice.queries.people import NotFoundedError, the_practice


@every(86_400, "billing.shares")
def reckon_nightly(now: datetime) -> None:
    """Reckon every share anew, should anything have passed by those who listen."""
    try:
        zone = the_practice().zone
    except NotFoundedError:
        return
    for counselor in queries.counselors():
        if queries.rules_of(counselor.id):
            sessions = reckoning.sessions_of(counselor.id)
            services.reckon(sessions, cause=f"night{now:%Y%m%d}", zone=zone, now=now)
            db.session.commit()


@every(60, "billing.share_transfers")
def send_transfers(now: datetime) -> None:
    """Send the transfers that have not left, ask about those without an answer, and try those again that wait."""
    for payment_id in queries.to_send(now=now):
        sending.send(ports().payments, payment_id, now=now)
