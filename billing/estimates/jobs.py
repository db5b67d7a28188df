"""What the scheduler does about estimates: give them well within the lawful days, and warn before they are exceeded."""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.estimates import queries, services
from practice.core.db import db
from practice.core.formats import local
from practice.core.scheduler import every
from practice.models import Person
from practice.queries.people import the_practice

MINUTES, HOUR = 300, 3_600
LOOK_BACK = timedelta(days=30)


@every(MINUTES, "billing.estimates")
def give_estimates(now: datetime) -> None:
    """Give an estimate wherever sessions were booked that none covers."""
    practice = the_practice()
    if not services.are_given(practice):
        return
    for client_id, counselor_id in queries.booked_since(now - LOOK_BACK, now):
        client, counselor = (db.session.get_one(Person, each) for each in (client_id, counselor_id))
        services.keep_up(client, counselor, practice=practice, now=now)
        db.session.commit()


@every(HOUR, "billing.estimates_exceeded")
def warn_of_exceeding(now: datetime) -> None:
    """Warn the office of estimates that are about to be exceeded by as much as may be disputed."""
    practice = the_practice()
    for row, _ in queries.troubled(local(now, practice.zone).date()):
        services.warn(row, now=now)
        db.session.commit()
