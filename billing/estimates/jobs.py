"""What the scheduler does about estimates: give them well within the lawful days, and warn before they are exceeded."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.estimates import queries, services
from practice.core.db import db
from practice.core.scheduler import every
from practice.models import Person, Practice

MINUTES, HOUR = 300, 3_600
LOOK_BACK = timedelta(days=30)


@every(MINUTES, "billing.estimates")
def give_estimates(now: datetime) -> None:
    """Give an estimate wherever sessions were booked that none covers."""
    practice = db.session.get(Practice, 1)
    if practice is None or not services.are_given(practice):
        return
    for client_id, counselor_id in queries.booked_since(now - LOOK_BACK, now):
        client, counselor = (db.session.get_one(Person, each) for each in (client_id, counselor_id))
        services.keep_up(client, counselor, practice=practice, now=now)
        db.session.commit()


@every(HOUR, "billing.estimates_exceeded")
def warn_of_exceeding(now: datetime) -> None:
    """Warn the office of estimates that are about to be exceeded by as much as may be disputed."""
    for row, _ in queries.troubled(now.date()):
        services.warn(row, now=now)
        db.session.commit()
