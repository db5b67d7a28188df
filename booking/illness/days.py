"""What a counselor has on a day they cannot work, and which other times could be offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from booking import availability, eligibility, queries
from booking.agenda import days_from
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, GroupSession
from booking.policy import CONFIRMED
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person

LOOK_AHEAD = timedelta(days=15)
OFFERED = 3


@dataclass(frozen=True, slots=True)
class Affected:
    """One session of the day with the times it could move to, one for each of the next days that have any."""

    appointment: Appointment
    alternatives: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class IllDay:
    """What is still ahead on a day."""

    span: Span
    sessions: tuple[Affected, ...]
    groups: tuple[GroupSession, ...]

    @property
    def any(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.sessions or self.groups)


def affected(counselor: Person, day: date, now: datetime) -> IllDay:
    """Return what is ahead on a counselor's day; no two sessions are offered the same time first."""
    span = days_from(day, 1, ZoneInfo(counselor.zone))
    ahead = [
        each
        for each in queries.agenda(counselor, span, now)
        if each.status == CONFIRMED
        and each.group_session_id is None
        and each.starts_at > now
        and span.starts_at <= each.starts_at < span.ends_at
    ]
    taken: list[Span] = []
    sessions = []
    for appointment in ahead:
        times = _others(appointment, span, now, taken)
        if times:
            taken.append(Span.lasting(times[0], appointment.blocked.minutes))
        sessions.append(Affected(appointment, tuple(times)))
    return IllDay(span, tuple(sessions), tuple(_groups(counselor, span, now)))


def _others(appointment: Appointment, ill: Span, now: datetime, taken: Sequence[Span]) -> list[datetime]:
    """Find a time on each of the next days, as near to the usual hour as there is one."""
    since = max(ill.ends_at, now)
    free = availability.free_times(
        appointment.counselor_id,
        eligibility.need_of(appointment),
        Span(since, since + LOOK_AHEAD),
        now,
        client_id=appointment.client_id,
        leaving_out=appointment.id,
        free_of_notice=True,
    )
    zone = ZoneInfo(appointment.counselor.zone)
    usual = appointment.starts_at.astimezone(zone)
    best: dict[date, datetime] = {}
    for each in free:
        local = each.astimezone(zone)
        wanted = local.replace(hour=usual.hour, minute=usual.minute)
        clear = not any(other.overlaps(Span.lasting(each, appointment.blocked.minutes)) for other in taken)
        known = best.get(local.date())
        if clear and (known is None or abs(local - wanted) < abs(known.astimezone(zone) - wanted)):
            best[local.date()] = each
    return [best[day] for day in sorted(best)][:OFFERED]


def _groups(counselor: Person, span: Span, now: datetime) -> Sequence[GroupSession]:
    return db.session.scalars(
        select(GroupSession)
        .where(
            GroupSession.counselor_id == counselor.id,
            GroupSession.status == SCHEDULED,
            GroupSession.starts_at > now,
            GroupSession.starts_at >= span.starts_at,
            GroupSession.starts_at < span.ends_at,
        )
        .order_by(GroupSession.starts_at)
    ).all()
