"""Changes or calls off many sessions of a group at once; each stays the session it was, with its places and its room.

One deed: all that was shown happens, or nothing does. Guards, refunds and reminders are those of single sessions,
because each goes through the same services. Callers hand in one counselor's own sessions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from booking import guards
from booking.groups import grounds, moving, rhythm_letters, seats, services
from booking.groups.grounds import Ground
from booking.groups.terms import WeekHour
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED, GroupSeries, GroupSession
from booking.policy import CONFIRMED
from booking.refusals import BookingRefusedError, NotAllowedError
from booking.series.changing import Scope
from booking.series.plans import State
from booking.series.refusals import SeriesChangedError
from booking.series.rules import Moment, Reading, minute_on_wall, place
from practice.core import audit
from practice.core.db import db
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Shift:
    """One session with the date it would have, and what stands in the way."""

    session: GroupSession
    moment: Moment
    state: State
    busy: tuple[str, ...] = ()
    """The first names of those who come and have something else then."""
    by_hand: bool = False
    """Whether it was moved on its own before, and so stays unless somebody says otherwise."""

    @property
    def stays(self) -> bool:
        """Tell whether its time is the same as before."""
        return self.moment.starts_at == self.session.starts_at

    @property
    def movable(self) -> bool:
        """Tell whether the session can have this date; time off is the counselor's own to give up."""
        return not self.stays and not self.busy and self.state in {State.FREE, State.AWAY}


def in_scope(session: GroupSession, scope: Scope, now: datetime) -> list[GroupSession]:
    """Return the sessions that stand and are still ahead: this one and those after it, or all that were planned so."""
    if session.series_id is None:
        return []
    ahead = db.session.scalars(
        select(GroupSession)
        .where(
            GroupSession.series_id == session.series_id,
            GroupSession.status == SCHEDULED,
            GroupSession.starts_at > now,
        )
        .order_by(GroupSession.starts_at)
    ).all()
    return [each for each in ahead if scope is Scope.ALL or each.starts_at >= session.starts_at]


def look(series: GroupSeries, sessions: Sequence[GroupSession], hour: WeekHour, now: datetime) -> list[Shift]:
    """Return what would become of every session; their own present times count as free."""
    if not sessions:
        return []
    moments = [_target(series, each, hour) for each in sessions]
    ground = grounds.of(sessions, [each.starts_at for each in moments], now)
    return [_shift(series, session, moment, ground) for session, moment in zip(sessions, moments, strict=True)]


def change(
    series: GroupSeries,
    sessions: Sequence[GroupSession],
    hour: WeekHour,
    chosen: Collection[int],
    *,
    by: Person,
    now: datetime,
) -> list[GroupSession]:
    """Move the chosen sessions, by their ids, with everybody in them, and give them their new rule.

    Everybody who comes gets one letter for all. Raises SeriesChangedError when a session is not as it was shown, and
    NotAllowedError.
    """
    _lock(series, sessions)
    shifts = [each for each in look(series, sessions, hour, now) if each.session.id in chosen]
    shifts = [each for each in shifts if not each.stays]
    if not shifts:
        raise NotAllowedError("Choose at least one session whose time changes.")
    if wrong := [each.moment.day for each in shifts if not each.movable]:
        raise SeriesChangedError(wrong)
    before = {seat.id: heard for each in shifts for seat, heard in _heard(each.session, now)}
    later = shifts[0].moment.starts_at > shifts[0].session.starts_at
    for each in reversed(shifts) if later else shifts:  # so that none goes where another still is
        _move(each, by, now)
    moved = [each.session for each in shifts]
    ruled = _follow(series, sessions, hour, now) if len(moved) > 1 else series
    rhythm_letters.tell_changed(ruled, before, now)
    _record("changed", ruled, by, moved)
    return moved


def call_off(
    series: GroupSeries, sessions: Sequence[GroupSession], *, by: Person, now: datetime, reason: str = ""
) -> None:
    """Cancel the sessions with every place in them; everybody who would have come gets one letter for all."""
    _lock(series, sessions)
    taken = [seat for each in sessions for seat in seats.live(each)]
    for each in sessions:
        services.call_off(each, by=by, now=now, reason=reason)
    rhythm_letters.tell_cancelled(series, taken, now)
    _record("cancelled", series, by, sessions)


def _target(series: GroupSeries, session: GroupSession, hour: WeekHour) -> Moment:
    day, _ = minute_on_wall(session.starts_at, series.zone)
    return place(series.zone, series.pattern.shifted(day, hour.weekday), hour.minute)


def _shift(series: GroupSeries, session: GroupSession, moment: Moment, ground: Ground) -> Shift:
    day, minute = minute_on_wall(session.starts_at, series.zone)
    by_hand = minute != series.minute or series.pattern.shifted(day, series.weekday) != day
    state = State.MISSING_HOUR if moment.reading is Reading.NEVER else ground.state_of(session, moment.starts_at)
    return Shift(session, moment, state, ground.busy_at(session, moment.starts_at), by_hand)


def _lock(series: GroupSeries, sessions: Sequence[GroupSession]) -> None:
    """Take everybody's lock at once, in one order, before each session takes its own."""
    guards.lock_people(series.counselor_id, *grounds.people_of(sessions))


def _heard(session: GroupSession, now: datetime) -> list[tuple[Appointment, datetime]]:
    """Return everybody's place with the time they know of."""
    untold = moving.last_untold(session, now)
    return [
        (seat, moving.last_heard(seat, untold, session.span).starts_at)
        for seat in seats.live(session)
        if seat.status == CONFIRMED
    ]


def _move(shift: Shift, by: Person, now: datetime) -> None:
    try:
        moving.move(shift.session, starts_at=shift.moment.starts_at, by=by, now=now)
    except NotAllowedError:
        raise
    except BookingRefusedError as refusal:
        raise SeriesChangedError([shift.moment.day]) from refusal


def _follow(series: GroupSeries, sessions: Sequence[GroupSession], hour: WeekHour, now: datetime) -> GroupSeries:
    """Write the new rule down: in place when it is for all that is ahead, else as a series that goes on from here."""
    if len(sessions) < len(in_scope(sessions[0], Scope.ALL, now)):
        kept = {name: getattr(series, name) for name in ("counselor_id", "zone", "frequency", "every", "position")}
        series = GroupSeries(**kept, weekday=hour.weekday, minute=hour.minute, created_at=now)
        db.session.add(series)
        for each in sessions:
            each.series = series
    series.weekday, series.minute = hour.weekday, hour.minute
    db.session.flush()
    return series


def _record(deed: str, series: GroupSeries, by: Person, sessions: Sequence[GroupSession]) -> None:
    audit.record(
        f"group_series.{deed}",
        person_id=by.id,
        subject=("group_series", series.id),
        detail={"sessions": len(sessions)},
    )
