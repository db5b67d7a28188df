"""Gives the demo a weekly group, some of whose places are free, and a couple."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from booking import notices, services
from booking.groups import invitations
from booking.groups.services import new_session
from booking.groups.terms import Companion, GroupTerms
from booking.hours import first_reading, instant_of
from booking.models.appointments import Appointment
from booking.models.groups import GroupSeries, GroupSession
from booking.models.services import Service
from booking.policy import COMPLETED, CONFIRMED, FAMILY, GROUP, LIVE, NO_SHOW
from booking.series.rules import WEEKLY
from practice.core import seeds
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person, Practice

ORDER = 22
MEMBERS = ("leo", "noor", "kaia", "iris", "daniel")
FRIDAY = 4
EVENING = {
    "name": "Grief group",
    "description": "Living with grief. Up to eight people, by video.",
    "kind": GROUP,
    "capacity": 8,
    "minutes": 90,
    "price_cents": 4500,
    "cpt_code": "90853",
}
COUPLES = {
    "name": "Couples",
    "description": "For two. One of you books and names the other.",
    "kind": FAMILY,
    "capacity": 2,
    "minutes": 80,
    "price_cents": 18000,
    "cpt_code": "90847",
}


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Plan the sessions around now; whatever would overlap with the demo's other sessions is left away."""
    ines = people["ines"]
    group, couples = (_offer(ines, practice, terms) for terms in (EVENING, COUPLES))
    db.session.flush()
    weekly = _weekly(ines, now)
    for week in range(-2, 4):
        session = _session(group, _friday(ines, now, week, time(15, 0)), now)
        if session is not None:
            session.series = weekly
        for place, key in enumerate(MEMBERS):
            if session is not None and key in people and place != week % len(MEMBERS):
                _seat(session, people[key], session.price, now, missed=place == 1)
    _couple(_session(couples, _friday(ines, now, 1, time(17, 0)), now), people["greta"], now)


def _offer(counselor: Person, practice: Practice, terms: Mapping[str, object]) -> Service:
    service = Service(counselor_id=counselor.id, currency=practice.currency, buffer_after=10, **terms)
    db.session.add(service)
    return service


def _weekly(counselor: Person, now: datetime) -> GroupSeries:
    rule = {"frequency": WEEKLY, "every": 1, "weekday": FRIDAY, "minute": 15 * 60}
    series = GroupSeries(counselor_id=counselor.id, zone=counselor.zone, created_at=now - timedelta(days=20), **rule)
    db.session.add(series)
    return series


def _friday(counselor: Person, now: datetime, week: int, at: time) -> datetime:
    zone = ZoneInfo(counselor.zone)
    today = now.astimezone(zone).date()
    day = today - timedelta(days=today.weekday() - FRIDAY) + timedelta(weeks=week)
    return instant_of(first_reading(zone, day, at.hour * 60 + at.minute))


def _session(service: Service, starts_at: datetime, now: datetime) -> GroupSession | None:
    terms = GroupTerms(service.name, starts_at, service.capacity, listed=service.kind == GROUP, mode="video")
    session = new_session(service, terms, now=min(now, starts_at - timedelta(days=20)))
    busy = (Appointment.counselor_id == service.counselor_id) & (Appointment.blocked_until > session.blocked_from)
    if _any(busy & (Appointment.blocked_from < session.blocked_until)):
        return None
    db.session.add(session)
    db.session.flush()
    return session


def _seat(
    session: GroupSession, client: Person, price: Money, now: datetime, *, missed: bool = False
) -> Appointment | None:
    busy = (Appointment.client_id == client.id) & (Appointment.ends_at > session.starts_at)
    if _any(busy & (Appointment.starts_at < session.ends_at)):
        return None
    booked_at = min(session.starts_at - timedelta(days=6), now - timedelta(hours=5))
    values = services.new_appointment(session.counselor, client, session.service, session.starts_at, booked_at)
    seat = Appointment(**values, group_session_id=session.id, mode=session.mode)
    seat.price_cents = price.cents
    seat.status, seat.confirmed_at, seat.held_until = CONFIRMED, booked_at, None
    if session.ends_at <= now:
        seat.status = NO_SHOW if missed else COMPLETED
        seat.closed_at = seat.changed_at = min(now, session.ends_at + timedelta(minutes=4))
    db.session.add(seat)
    db.session.flush()
    notices.remind(seat, now)
    return seat


def _couple(session: GroupSession | None, booker: Person, now: datetime) -> None:
    if session is None:
        return
    session.booker_id = booker.id
    if _seat(session, booker, session.price, now):
        companion = Companion("Sam", "sam@example.org")
        free = Money.zero(session.currency)
        invitations.invite(session, companion, price=free, payer=None, by=booker, now=now - timedelta(hours=5))


def _any(condition: ColumnElement[bool]) -> bool:
    chosen = select(Appointment.id).where(condition, Appointment.status.in_(LIVE)).limit(1)
    return db.session.scalar(chosen) is not None


seeds.register(ORDER, seed)
