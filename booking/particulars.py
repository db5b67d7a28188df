"""Loads the finer terms of those counselors who have any: other weeks, and what counts towards their limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, selectinload

from booking.epoch_minutes import EpochMinute
from booking.hours import Hours, tidy
from booking.limits import Limits, Stretch
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, HoursPlan
from booking.timetables import Plan, Scope
from practice.core.db import db
from practice.core.spans import Span

AROUND = timedelta(days=9)
"""How far from the times asked about a session may lie that counts towards the limits: a week, or a long row."""


@dataclass(slots=True)
class Particulars:
    """The finer terms of one counselor."""

    plans: list[Plan] = field(default_factory=list)
    limits: Limits | None = None
    sessions: list[Stretch] = field(default_factory=list)


def plans_of(counselor_ids: Iterable[int]) -> dict[int, list[Plan]]:
    """Return the other weeks of these counselors, in two queries."""
    found: dict[int, list[Plan]] = defaultdict(list)
    for row in db.session.scalars(
        select(HoursPlan)
        .where(HoursPlan.counselor_id.in_(list(counselor_ids)))
        .options(selectinload(HoursPlan.hours))
        .order_by(HoursPlan.id)
    ):
        found[row.counselor_id].append(plan_of(row))
    return found


def plan_of(row: HoursPlan) -> Plan:
    """Return another week as the slots engine knows it."""
    weekly: dict[int, list[Hours]] = defaultdict(list)
    for each in row.hours:
        weekly[each.weekday].append(Hours(each.opens, each.closes, row.location_id or 0))
    return Plan(
        weekly={day: tidy(hours) for day, hours in weekly.items()},
        starts_on=row.starts_on or date.min,
        ends_on=row.ends_on or date.max,
        every_weeks=row.every_weeks,
        anchor_on=row.anchor_on or date(1970, 1, 5),
        replaces=row.replaces,
        scope=Scope(row.service_id, row.mode),
    )


def limits_of(counselor_ids: Iterable[int]) -> dict[int, Limits]:
    """Return the limits of these counselors."""
    rows = db.session.execute(
        select(
            BookingRules.counselor_id,
            BookingRules.most_per_day,
            BookingRules.most_per_week,
            BookingRules.long_break_after,
            BookingRules.long_break_minutes,
        ).where(BookingRules.counselor_id.in_(list(counselor_ids)))
    )
    return {counselor_id: Limits(*(each or 0 for each in limits)) for counselor_id, *limits in rows}


def sessions_of(
    counselor_ids: Iterable[int], window: Span, live: ColumnElement[bool], *, leaving_out: int | None = None
) -> dict[int, list[Stretch]]:
    """Return what counts towards the limits around a window; people who meet at one time are one session."""
    rows = db.session.execute(
        select(Appointment.counselor_id, EpochMinute(Appointment.starts_at), EpochMinute(Appointment.ends_at))
        .where(
            Appointment.counselor_id.in_(list(counselor_ids)),
            Appointment.blocked_until > window.starts_at - AROUND,
            Appointment.blocked_from < window.ends_at + AROUND,
            Appointment.id != (leaving_out or 0),
            *_not_beside(leaving_out),
            live,
        )
        .distinct()
    )
    found: dict[int, list[Stretch]] = defaultdict(list)
    for counselor_id, begins, ends in rows:
        found[counselor_id].append((begins, ends))
    return found


def load(
    planned: Sequence[int], limited: Sequence[int], window: Span, live: Any, *, leaving_out: int | None
) -> dict[int, Particulars]:
    """Load the other weeks of some counselors and the limits of some; of nobody, without a query."""
    found: dict[int, Particulars] = defaultdict(Particulars)
    if planned:
        for counselor_id, plans in plans_of(planned).items():
            found[counselor_id].plans = plans
    if limited:
        sessions = sessions_of(limited, window, live, leaving_out=leaving_out)
        for counselor_id, limits in limits_of(limited).items():
            found[counselor_id].limits, found[counselor_id].sessions = limits, sessions[counselor_id]
    return found


def _not_beside(seat_id: int | None) -> list[ColumnElement[bool]]:
    """Leave out the other seats of a session that moves with one of its seats."""
    if not seat_id:
        return []
    seat = aliased(Appointment)
    return [~exists().where(seat.id == seat_id, seat.group_session_id == Appointment.group_session_id)]
