"""A group that meets again and again: its dates with what stands in their way, and all of them planned at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking import availability
from booking.groups import services
from booking.groups.terms import GroupTerms
from booking.hours import minute_of
from booking.models.groups import GroupSeries, GroupSession
from booking.models.services import Service
from booking.refusals import BookingRefusedError, NotOfferedError
from booking.series.plans import State, touches, window_of
from booking.series.rules import Moment, Reading, Recurrence
from booking.slots import Diary, Need
from practice.core.db import db


@dataclass(frozen=True, slots=True)
class GroupDate:
    """One date of a group, and how it stands with the counselor."""

    moment: Moment
    state: State

    @property
    def can_be_planned(self) -> bool:
        """Tell whether it may be planned at all; time off is the counselor's own to give up."""
        return self.state in {State.FREE, State.AWAY}


def look(service: Service, recurrence: Recurrence, now: datetime) -> list[GroupDate]:
    """Look at every date; hours do not count, since a counselor plans a group in their own time."""
    moments, need = recurrence.moments(), availability.need_of(service)
    diary = availability.diary_of(service.counselor_id, window_of(moments, need), now)
    return [GroupDate(each, _state(each, diary, need, now)) for each in moments]


def plan(
    service: Service, terms: GroupTerms, recurrence: Recurrence, days: Collection[date], *, now: datetime
) -> list[GroupSession]:
    """Plan a session on each of these days, or none at all. Raises a refusal that names the day."""
    chosen = [each for each in recurrence.moments() if each.day in days and each.reading is not Reading.NEVER]
    if not chosen:
        raise NotOfferedError("Choose at least one date.")
    planned = [_schedule(service, replace(terms, starts_at=each.starts_at), each.day, now) for each in chosen]
    if len(planned) > 1:
        _join(planned, recurrence, now)
    return planned


def _join(planned: Sequence[GroupSession], recurrence: Recurrence, now: datetime) -> None:
    """Write the rule down that these sessions have in common."""
    pattern = recurrence.pattern
    series = GroupSeries(
        counselor_id=planned[0].counselor_id,
        zone=recurrence.zone,
        frequency=pattern.frequency,
        every=pattern.every,
        weekday=pattern.weekday,
        position=pattern.position,
        minute=recurrence.minute,
        created_at=now,
    )
    db.session.add(series)
    for each in planned:
        each.series = series
    db.session.flush()


def _schedule(service: Service, terms: GroupTerms, day: date, now: datetime) -> GroupSession:
    try:
        return services.schedule(service, terms, now=now)
    except BookingRefusedError as refusal:
        words = (
            f"{day.day} {day:%B} has been taken in the meantime. Nothing is planned yet: look at the dates once more."
        )
        raise NotOfferedError(words) from refusal


def _state(moment: Moment, diary: Diary, need: Need, now: datetime) -> State:
    if moment.reading is Reading.NEVER:
        return State.MISSING_HOUR
    if moment.starts_at <= now:
        return State.TOO_SOON
    start = minute_of(moment.starts_at)
    if touches(diary.busy, start - need.before, start + need.minutes + need.after):
        return State.TAKEN
    return State.AWAY if touches(diary.away, start, start + need.minutes) else State.FREE
