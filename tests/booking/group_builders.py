"""Group services and sessions for tests, and a look at overlaps that trusts no guard."""

from __future__ import annotations

from datetime import datetime

from booking.groups import services
from booking.groups.terms import GroupTerms
from booking.models.appointments import Appointment
from booking.models.groups import STANDING, GroupSession
from booking.models.services import Service
from booking.policy import GROUP, LIVE
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service
from tests.fakes import MONDAY_MORNING


def a_group_service(counselor: Person, **changes: object) -> Service:
    """Offer a group of three for $40 each, 90 minutes and ten after."""
    usual = {"name": "Evening group", "kind": GROUP, "capacity": 3, "minutes": 90, "price_cents": 4000, "cpt_code": ""}
    return a_service(counselor, **(usual | changes))


def a_group(
    service: Service, starts_at: datetime = WEDNESDAY_AT_TEN, now: datetime = MONDAY_MORNING, **changes: object
) -> GroupSession:
    """Plan a group session that anybody may join, and commit."""
    usual = {"title": "Evening group", "capacity": service.capacity, "listed": True, "mode": "video"}
    session = services.schedule(service, GroupTerms(starts_at=starts_at, **(usual | changes)), now=now)
    db.session.commit()
    return session


def shared_overlaps() -> list[tuple[int, int]]:
    """Find sessions that lie over each other or over an appointment of two, by comparing every pair."""
    sessions = [each for each in db.session.query(GroupSession) if each.status in STANDING]
    alone = [each for each in db.session.query(Appointment) if each.status in LIVE and each.group_session_id is None]
    pairs = [(one, other) for one in sessions for other in [*alone, *sessions] if one is not other]
    return [
        (one.id, other.id)
        for one, other in pairs
        if one.counselor_id == other.counselor_id and one.blocked.overlaps(other.blocked)
    ]


def overfull() -> list[int]:
    """Find sessions with more people than places, and seats that do not lie where their session lies."""
    wrong = []
    for session in db.session.query(GroupSession):
        seats = list(db.session.query(Appointment).filter_by(group_session_id=session.id))
        live = [seat for seat in seats if seat.status in LIVE]
        if len(live) > session.capacity or any(seat.blocked != session.blocked for seat in live):
            wrong.append(session.id)
    return wrong
