"""What stands in the way of a group's sessions at other times: the counselor's diary, and what those have who come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from booking import availability
from booking.hours import DAY, minute_of
from booking.limits import Stretch
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.policy import LIVE
from booking.series.plans import State, touches
from booking.slots import Diary
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Ground:
    """What decides whether sessions may lie elsewhere; their own present times count as free."""

    diary: Diary
    people: Mapping[int, Sequence[Person]]
    """Who comes to each session, by its id."""
    taken: Mapping[int, Sequence[Stretch]]
    """What each of them has elsewhere, by their id."""
    now: datetime

    def state_of(self, session: GroupSession, starts_at: datetime) -> State:
        """Tell how a time stands with the counselor."""
        if starts_at <= self.now:
            return State.TOO_SOON
        by_how_much = starts_at - session.starts_at
        blocked = Span(session.blocked_from + by_how_much, session.blocked_until + by_how_much)
        if touches(self.diary.busy, *_stretch(blocked)):
            return State.TAKEN
        return State.AWAY if touches(self.diary.away, *_stretch(_at(session, starts_at))) else State.FREE

    def busy_at(self, session: GroupSession, starts_at: datetime) -> tuple[str, ...]:
        """Name those who come and have something else then, by their first names."""
        after = _stretch(_at(session, starts_at))
        return tuple(each.first_name for each in self.people[session.id] if touches(self.taken[each.id], *after))


def of(sessions: Sequence[GroupSession], times: Collection[datetime], now: datetime) -> Ground:
    """Look at everything around the times that one counselor's sessions might have."""
    window = Span(min(times), max(times) + timedelta(minutes=1)).widened(before=DAY, after=DAY)
    own = {_stretch(each.blocked) for each in sessions}
    diary = availability.diary_of(sessions[0].counselor_id, window, now)
    people = _people_in(sessions)
    seats = {_stretch(each.span) for each in sessions}
    taken = {
        each: [stretch for stretch in availability.taken_by(each, window, now) if stretch not in seats]
        for each in people_of(sessions)
    }
    return Ground(replace(diary, busy=[each for each in diary.busy if each not in own]), people, taken, now)


def obstacle(session: GroupSession, starts_at: datetime, now: datetime) -> str:
    """Say what stands in the way of one session at another time; nothing when nothing does."""
    ground = of([session], [starts_at], now)
    if ground.state_of(session, starts_at) is State.TAKEN:
        return "You have something else at that time."
    busy = ground.busy_at(session, starts_at)
    return f"{', '.join(busy)} {'has' if len(busy) == 1 else 'have'} another session at that time." if busy else ""


def people_of(sessions: Sequence[GroupSession]) -> set[int]:
    """Return the ids of everybody who comes to any of these sessions."""
    return {person.id for found in _people_in(sessions).values() for person in found}


def _people_in(sessions: Sequence[GroupSession]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = {each.id: [] for each in sessions}
    rows = db.session.scalars(
        select(Appointment)
        .options(joinedload(Appointment.client))
        .where(Appointment.group_session_id.in_(found), Appointment.status.in_(LIVE))
        .order_by(Appointment.id)
    )
    for seat in rows:
        found[seat.group_session_id or 0].append(seat.client)
    return found


def _at(session: GroupSession, starts_at: datetime) -> Span:
    return Span.lasting(starts_at, session.span.minutes)


def _stretch(span: Span) -> Stretch:
    return minute_of(span.starts_at), minute_of(span.ends_at)
