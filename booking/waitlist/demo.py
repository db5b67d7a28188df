"""People who wait for weekends, when nobody in the demo works, and for a place in a full group: nothing is on offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from booking.groups import seats
from booking.models.groups import GroupSession
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

FOR_THE_GROUP = ("maya", "jamal")


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
    _wait_for_the_group(people, now)


def _wait_for_the_group(people: Mapping[str, Person], now: datetime) -> None:
    """Let the next session of the group be full, and two people wait for a place in it."""
    session = db.session.scalars(
        select(GroupSession)
        .where(GroupSession.counselor_id == people["ines"].id, GroupSession.listed, GroupSession.starts_at > now)
        .order_by(GroupSession.starts_at)
        .limit(1)
    ).first()
    if session is None or len(taken := seats.live(session)) < 2:
        return
    session.capacity = len(taken)
    for number, key in enumerate(FOR_THE_GROUP):
        db.session.add(
            Wish(
                client_id=people[key].id,
                counselor_id=session.counselor_id,
                service_id=session.service_id,
                group_session_id=session.id,
                kind=session.service.name,
                times=rules.ALWAYS,
                first_on=now.date(),
                last_on=session.starts_at.date() + timedelta(days=1),
                notice_minutes=0,
                status=WAITING,
                unanswered=0,
                created_at=now - timedelta(hours=30 - number),
            )
        )


seeds.register(ORDER, seed)
