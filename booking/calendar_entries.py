"""What stands in a counselor's calendar: sessions, shared ones as one, requests, and times that are busy elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from booking.live import still_live
from booking.models.appointments import Appointment
from booking.models.calendars import BusyTime
from booking.models.groups import SCHEDULED, STANDING, GroupSession
from booking.policy import COMPLETED, CONFIRMED, HELD, REQUESTED
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """One hour as the calendar shows it; a shared one stands once, whoever comes."""

    session: Appointment | GroupSession
    status: str
    taken: int = 1
    """How many places are taken."""

    @property
    def span(self) -> Span:
        """The hour itself."""
        return self.session.span

    @property
    def blocked(self) -> Span:
        """The hour with its buffers; a request keeps nothing free yet."""
        return self.session.span if self.status == REQUESTED else self.session.blocked

    @property
    def appointment(self) -> Appointment | None:
        """The appointment, where it is one person's."""
        return self.session if isinstance(self.session, Appointment) else None

    @property
    def group(self) -> GroupSession | None:
        """The shared session, where it is one."""
        return self.session if isinstance(self.session, GroupSession) else None

    @property
    def counts(self) -> bool:
        """Tell whether it stands, and is not only held or asked for."""
        return self.status not in {HELD, REQUESTED}


def standing(counselor: Person, span: Span, now: datetime) -> list[Standing]:
    """Return everything in a counselor's calendar that touches a stretch of time, in order."""
    single = [Standing(each, each.status) for each in _appointments(counselor, span, now)]
    return sorted([*single, *_groups(counselor, span, now)], key=lambda each: each.span.starts_at)


def busy_elsewhere(counselor_id: int, span: Span) -> list[Span]:
    """Return when calendars kept elsewhere say that a counselor is busy, what overlaps joined."""
    rows = db.session.execute(
        select(BusyTime.starts_at, BusyTime.ends_at)
        .where(
            BusyTime.counselor_id == counselor_id, BusyTime.ends_at > span.starts_at, BusyTime.starts_at < span.ends_at
        )
        .order_by(BusyTime.starts_at)
    ).all()
    joined: list[Span] = []
    for starts_at, ends_at in rows:
        if joined and starts_at <= joined[-1].ends_at:
            joined[-1] = Span(joined[-1].starts_at, max(ends_at, joined[-1].ends_at))
        else:
            joined.append(Span(starts_at, ends_at))
    return joined


def _appointments(counselor: Person, span: Span, now: datetime) -> Sequence[Appointment]:
    asked = and_(Appointment.status == REQUESTED, Appointment.answer_by > now)
    return db.session.scalars(
        select(Appointment)
        .options(
            joinedload(Appointment.counselor, innerjoin=True),
            joinedload(Appointment.client, innerjoin=True),
            joinedload(Appointment.service, innerjoin=True),
        )
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.group_session_id.is_(None),
            Appointment.blocked_until > span.starts_at,
            Appointment.blocked_from < span.ends_at,
            or_(still_live(now), asked),
        )
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def _groups(counselor: Person, span: Span, now: datetime) -> list[Standing]:
    taken = (
        select(func.count())
        .select_from(Appointment)
        .where(Appointment.group_session_id == GroupSession.id, still_live(now))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(GroupSession, taken)
        .options(joinedload(GroupSession.service, innerjoin=True), joinedload(GroupSession.counselor, innerjoin=True))
        .where(
            GroupSession.counselor_id == counselor.id,
            GroupSession.status.in_(STANDING),
            or_(GroupSession.status == SCHEDULED, GroupSession.held_until > now),
            GroupSession.blocked_until > span.starts_at,
            GroupSession.blocked_from < span.ends_at,
        )
    ).all()
    return [Standing(session, _status(session, now), taken) for session, taken in rows]


def _status(session: GroupSession, now: datetime) -> str:
    if session.status == HELD:
        return HELD
    return COMPLETED if session.ends_at <= now else CONFIRMED
