"""Changes or cancels many sessions of a series at once; each stays the appointment it was, with its id and its room.

One deed: all that was shown happens, or nothing does and the dates that are no longer as shown are named. Policy,
guards, refunds and reminders are those of single sessions, because each goes through the same services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking import availability, guards, moving, policy, prices
from booking import services as single
from booking.deeds import side_of
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.models.services import Service
from booking.refusals import BookingRefusedError, NotAllowedError
from booking.series import notices, plans, queries
from booking.series.plans import Ground, Plan, Row, State
from booking.series.refusals import SeriesChangedError
from booking.series.rules import Moment, minute_on_wall, place
from practice.core import audit
from practice.core.db import db
from practice.core.panels import panels
from practice.models import Person


class Scope(StrEnum):
    """Which sessions of a series are meant, besides the one somebody looks at."""

    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Change:
    """What the sessions should be from now on: the weekday and minute on the anchor's wall, and the service."""

    weekday: int
    minute: int
    service: Service


@dataclass(frozen=True, slots=True)
class Shift:
    """One session with the date it would have, what stands in the way, and what it would keep."""

    appointment: Appointment
    row: Row
    refusal: str = ""
    keeps_service: str = ""
    by_hand: bool = False
    """Whether it was moved on its own before, and so stays unless somebody says otherwise."""

    @property
    def stays(self) -> bool:
        """Tell whether its time is the same as before."""
        return self.row.moment.starts_at == self.appointment.starts_at

    @property
    def movable(self) -> bool:
        """Tell whether the session can have exactly the date that was meant."""
        return not self.refusal and (self.row.free or self.stays)


@dataclass(frozen=True, slots=True)
class Outlook:
    """All sessions of a change, and every time that may stand in for a date."""

    shifts: tuple[Shift, ...]
    plan: Plan

    def allows(self, shift: Shift, starts_at: datetime) -> bool:
        """Tell whether a session may be moved to a time as it was shown."""
        return not shift.refusal and (shift.stays or self.plan.allows(shift.row, starts_at))


def in_scope(appointment: Appointment, scope: Scope, now: datetime) -> list[Appointment]:
    """Return the sessions that stand and are still ahead: this one and those after it, or all of the series."""
    if appointment.series_id is None:
        return []
    ahead = queries.standing(appointment.series_id, now)
    return ahead if scope is Scope.ALL else [each for each in ahead if each.starts_at >= appointment.starts_at]


def look(
    series: AppointmentSeries, sessions: Sequence[Appointment], change: Change, *, by: Person, now: datetime
) -> Outlook:
    """Return what would become of every session; their own present times count as free."""
    moments = [_target(series, each, change) for each in sessions]
    modes = {each.mode for each in sessions} & set(change.service.modes)
    need = availability.need_of(change.service, modes.pop() if len(modes) == 1 else None)
    window = plans.window_of(moments, need)
    diary = availability.diary_of(series.counselor_id, window, now)
    ground = Ground(
        plans.free_of_limits(diary, hurried=by.id != series.client_id),
        availability.taken_by(series.client_id, window, now),
        need,
        availability.round_up(now),
    ).without([each.span for each in sessions], [each.blocked for each in sessions])
    plan = plans.plan(ground, moments, plans.reach_of(series.pattern))
    shifts = (_shift(series, each, row, change, by=by, now=now) for each, row in zip(sessions, plan.rows, strict=True))
    return Outlook(tuple(shifts), plan)


def apply(
    series: AppointmentSeries,
    sessions: Sequence[Appointment],
    change: Change,
    choices: Mapping[int, datetime],
    *,
    by: Person,
    now: datetime,
) -> list[Appointment]:
    """Move the sessions with a choice, by their ids, and give the rest of the series its new rule.

    Raises SeriesChangedError when a session is not as it was shown, and NotAllowedError.
    """
    guards.lock_people(series.counselor_id, series.client_id)
    if change.service.id != series.service_id and by.id == series.client_id:
        raise NotAllowedError("Your counselor decides what kind of session it is.")
    outlook = look(series, sessions, change, by=by, now=now)
    chosen = [shift for shift in outlook.shifts if shift.appointment.id in choices]
    wrong = [each for each in chosen if not outlook.allows(each, choices[each.appointment.id])]
    if wrong:
        raise SeriesChangedError([each.row.moment.day for each in wrong])
    if not chosen:
        raise NotAllowedError("Choose at least one session to change.")
    before = [each.appointment.starts_at for each in chosen]
    for shift in chosen:
        _move(shift, choices[shift.appointment.id], change, by, now)
    ruled = _follow(series, sessions, change, by, now)
    notices.tell_changed(ruled, [each.appointment for each in chosen], before, now)
    audit.record("series.changed", person_id=by.id, subject=("series", ruled.id), detail={"sessions": len(chosen)})
    return [each.appointment for each in chosen]


def cancel(
    series: AppointmentSeries, sessions: Sequence[Appointment], *, by: Person, now: datetime, reason: str = ""
) -> list[Appointment]:
    """Call the sessions off; each by the policy, and with the refund, that it has on its own."""
    guards.lock_people(series.counselor_id, series.client_id)
    cancelled = [single.cancel(each, by=by, now=now, reason=reason) for each in sessions]
    notices.tell_cancelled(series, cancelled, now)
    audit.record(
        "series.cancelled", person_id=by.id, subject=("series", series.id), detail={"sessions": len(cancelled)}
    )
    return cancelled


def _target(series: AppointmentSeries, appointment: Appointment, change: Change) -> Moment:
    day, _ = minute_on_wall(appointment.starts_at, series.zone)
    return place(series.zone, series.pattern.shifted(day, change.weekday), change.minute)


def _shift(
    series: AppointmentSeries, appointment: Appointment, row: Row, change: Change, *, by: Person, now: datetime
) -> Shift:
    day, minute = minute_on_wall(appointment.starts_at, series.zone)
    by_hand = minute != series.minute or series.pattern.shifted(day, series.weekday) != day
    moves = row.moment.starts_at != appointment.starts_at
    side = side_of(appointment, by)
    refusal = policy.refusal_to_move(appointment.standing, side, now) if moves else None
    fixed = ""
    if change.service.id != appointment.service_id:
        fixed = str(panels("service_fixed", appointment=appointment))
    if not moves and row.state in {State.CLOSED, State.TOO_SOON}:
        row = Row(row.moment, State.FREE)
    return Shift(appointment, row, refusal or "", fixed, by_hand)


def _move(shift: Shift, starts_at: datetime, change: Change, by: Person, now: datetime) -> None:
    appointment, service = shift.appointment, change.service
    refit = service.id != appointment.service_id and not shift.keeps_service
    try:
        moving.move(appointment, starts_at=starts_at, by=by, now=now, minutes=service.minutes if refit else None)
        if refit:
            _refit(appointment, service, now)
    except NotAllowedError:
        raise
    except BookingRefusedError as refusal:
        raise SeriesChangedError([shift.row.moment.day]) from refusal


def _refit(appointment: Appointment, service: Service, now: datetime) -> None:
    """Give a session that nobody was billed for another service, with its buffers and its price."""
    blocked = appointment.span.widened(before=service.buffer_before, after=service.buffer_after)
    with guards.refusing():
        appointment.service = service
        appointment.mode = appointment.mode if appointment.mode in service.modes else service.modes[0]
        appointment.blocked_from, appointment.blocked_until = blocked.starts_at, blocked.ends_at
        price = prices.agreed(appointment.client, service, now)
        appointment.price_cents, appointment.currency = price.cents, price.currency
        appointment.changed_at = now


def _follow(
    series: AppointmentSeries, sessions: Sequence[Appointment], change: Change, by: Person, now: datetime
) -> AppointmentSeries:
    """Write the new rule down: in place when it is for all that is ahead, else as a series that goes on from here."""
    rule = (change.weekday, change.minute, change.service.id)
    if rule == (series.weekday, series.minute, series.service_id) or len(sessions) < 2:
        return series
    if len(sessions) < len(queries.standing(series.id, now)):
        series = _part(series, sessions, change, by, now)
    series.weekday, series.minute, series.service_id = rule
    series.changed_at = now
    db.session.flush()
    return series


def _part(
    series: AppointmentSeries, sessions: Sequence[Appointment], change: Change, by: Person, now: datetime
) -> AppointmentSeries:
    parted = AppointmentSeries(
        counselor_id=series.counselor_id,
        client_id=series.client_id,
        service_id=change.service.id,
        created_by_id=by.id,
        continues_id=series.origin_id,
        zone=series.zone,
        frequency=series.frequency,
        every=series.every,
        weekday=change.weekday,
        position=series.position,
        minute=change.minute,
        first_on=minute_on_wall(sessions[0].starts_at, series.zone)[0],
        sessions=len(sessions),
        created_at=now,
        changed_at=now,
    )
    db.session.add(parted)
    db.session.flush()
    for each in sessions:
        each.series_id = parted.id
    return parted
