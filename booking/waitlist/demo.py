"""People who wait for a time on weekends, when nobody in the demo works: a line to look at that offers nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from booking.models.services import Service
from booking.models.waitlist import WAITING, Wish
from booking.waitlist import rules
from practice.core import seeds
from practice.core.db import db
from practice.models import Person, Practice

ORDER = 24
SATURDAY, SUNDAY = 1 << 5, 1 << 6
MORNING, AFTERNOON = 1, 2
LINE = (
    ("kaia", SATURDAY | SUNDAY, MORNING | AFTERNOON, True),
    ("hugo", SATURDAY, MORNING, False),
    ("alice", SUNDAY, AFTERNOON, True),
)


def seed(_practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Put a few people in line for Ines, one of whom would take anybody."""
    service = db.session.scalars(
        select(Service).where(Service.counselor_id == people["ines"].id, Service.minutes == 50)
    ).one()
    for number, (client, weekdays, parts, named) in enumerate(LINE):
        joined = now - timedelta(days=9 - 2 * number)
        db.session.add(
            Wish(
                client_id=people[client].id,
                counselor_id=service.counselor_id if named else None,
                service_id=service.id if named else None,
                kind=service.name,
                times=rules.times(weekdays, parts),
                first_on=joined.date(),
                last_on=(now + timedelta(days=40)).date(),
                notice_minutes=24 * 60,
                status=WAITING,
                unanswered=0,
                created_at=joined,
            )
        )


seeds.register(ORDER, seed)
