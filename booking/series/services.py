"""Books a series as one deed: every date as it was shown, or none of them and what changed meanwhile.

Services flush, the caller commits. A client pays for the first session as for any other, and the rest are kept for
them until they do; what a counselor enters, and what costs nothing, stands at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from booking import availability, clientele, eligibility, events, guards, holds, prices
from booking import services as single
from booking.live import still_live
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.models.services import Service
from booking.policy import CONFIRMED, INDIVIDUAL
from booking.refusals import BookingRefusedError, ClientBusyError, NotAllowedError, SlotTakenError
from booking.series import notices, plans
from booking.series.plans import Ground, Plan
from booking.series.refusals import SeriesChangedError, TooFewDatesError
from booking.series.rules import Recurrence, minute_on_wall
from practice.core import audit
from practice.core.db import db
from practice.models import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series somebody wants: for whom, of what, and when."""

    counselor: Person
    client: Person
    service: Service
    recurrence: Recurrence
    by: Person
    mode: str | None = None
    """How the two meet; None is the usual way of the service."""
    onto: AppointmentSeries | None = None
    """The series that these dates lengthen; None begins one."""

    @property
    def by_client(self) -> bool:
        """Tell whether the client books for themselves, and so pays first and keeps to the notice."""
        return self.by.id == self.client.id


_TIMES = ("starts_at", "ends_at", "blocked_from", "blocked_until")
Choices = Mapping[date, datetime]
"""What was chosen for each date of the series; a date without a choice is left out."""


def look(wanted: Wanted, now: datetime) -> Plan:
    """Return every date with its state. Raises NotAllowedError or NotOfferedError."""
    _check_who(wanted)
    moments = wanted.recurrence.moments()
    need = availability.need_of(wanted.service, eligibility.check_mode(wanted.service, wanted.mode))
    window = plans.window_of(moments, need)
    diary = availability.diary_of(wanted.counselor.id, window, now)
    ground = Ground(
        plans.free_of_limits(diary, hurried=not wanted.by_client),
        availability.taken_by(wanted.client.id, window, now),
        need,
        availability.round_up(now),
    )
    return plans.plan(ground, moments, plans.reach_of(wanted.recurrence.pattern))


def book(wanted: Wanted, choices: Choices, now: datetime) -> AppointmentSeries:
    """Book the chosen dates. Booking the same again returns what was booked.

    Raises SeriesChangedError when a date is not as it was shown, TooFewDatesError, NotAllowedError or NotOfferedError.
    """
    guards.lock_people(wanted.counselor.id, wanted.client.id)
    if again := _already(wanted, choices, now):
        return again
    people = (Appointment.counselor_id == wanted.counselor.id, Appointment.client_id == wanted.client.id)
    holds.expire_overdue(now, or_(*people))
    if wanted.by_client:
        holds.let_go_of_others(wanted.client, now)
    starts = _chosen(look(wanted, now), choices)
    if wanted.by_client and wanted.onto is None:
        eligibility.check_time(wanted.service, eligibility.check_mode(wanted.service, wanted.mode), starts[0], now)
    series = _lengthened(wanted.onto, starts[-1], now) if wanted.onto else _new_series(wanted, now)
    sessions = _insert(wanted, series, starts, now)
    deed = "series.lengthened" if wanted.onto else "series.booked"
    audit.record(deed, person_id=wanted.by.id, subject=("series", series.id), detail={"sessions": len(sessions)})
    covered = prices.is_covered(wanted.client, wanted.service, now)
    if covered or not (wanted.by_client and sessions[0].price):
        stand(series, sessions, now)
    return series


def stand(series: AppointmentSeries, sessions: Sequence[Appointment], now: datetime) -> None:
    """Confirm what is still free of a series, and tell both in one letter instead of one for each session."""
    standing, lost = [], []
    told = [each for each in sessions if each.status == CONFIRMED]
    with together(series.id):
        for each in sessions:
            try:
                standing.append(single.confirm(each, now=now, own_letter=False))
            except BookingRefusedError:
                lost.append(each.starts_at)
    notices.tell_booked(series, standing, lost, now, told=told)


def may_recur(service: Service) -> bool:
    """Tell whether clients may book a service as a series: the counselor allows it, and answers no requests for it."""
    return service.recurring_allowed and not service.on_request and service.kind == INDIVIDUAL


def is_under_way(series_id: int) -> bool:
    """Tell whether many sessions of a series are being dealt with, so that news of one of them needs no answer."""
    return series_id in _under_way()


@contextmanager
def together(series_id: int) -> Iterator[None]:
    """Deal with many sessions of a series inside."""
    _under_way().add(series_id)
    try:
        yield
    finally:
        _under_way().discard(series_id)


def _under_way() -> set[int]:
    found: set[int] = db.session.info.setdefault("series under way", set())
    return found


def _check_who(wanted: Wanted) -> None:
    if wanted.counselor.id == wanted.client.id:
        raise NotAllowedError("You cannot book a session with yourself.")
    service = wanted.service
    eligible = service.counselor_id == wanted.counselor.id and service.active and service.kind == INDIVIDUAL
    if wanted.by_client:
        eligibility.check_service(wanted.counselor, service)
        if not may_recur(service):
            raise NotAllowedError("This kind of session is booked one at a time.")
    elif wanted.by.id != wanted.counselor.id or not eligible:
        raise NotAllowedError("Choose one of your own services.")
    elif wanted.client.closed_at or clientele.client_of(wanted.counselor, wanted.client.id) is None:
        raise NotAllowedError("Choose one of your own clients.")


def _already(wanted: Wanted, choices: Choices, now: datetime) -> AppointmentSeries | None:
    """Find the series that the same press booked before."""
    same_rule = (
        AppointmentSeries.counselor_id == wanted.counselor.id,
        AppointmentSeries.client_id == wanted.client.id,
        AppointmentSeries.service_id == wanted.service.id,
        AppointmentSeries.first_on == wanted.recurrence.first_on,
        AppointmentSeries.minute == wanted.recurrence.minute,
    )
    same = (AppointmentSeries.id == wanted.onto.id,) if wanted.onto else same_rule
    for series in db.session.scalars(select(AppointmentSeries).where(*same)):
        live = select(Appointment.starts_at).where(Appointment.series_id == series.id, still_live(now))
        if choices and set(choices.values()) <= set(db.session.scalars(live)):
            return series
    return None


def _chosen(plan: Plan, choices: Choices) -> list[datetime]:
    rows = {row.moment.day: row for row in plan.rows}
    wanted = {day: starts_at for day, starts_at in choices.items() if day in rows}
    changed = [day for day, starts_at in wanted.items() if not plan.allows(rows[day], starts_at)]
    if changed:
        raise SeriesChangedError(sorted(changed))
    if len(wanted) < 2:
        raise TooFewDatesError
    return sorted(wanted.values())


def _lengthened(series: AppointmentSeries, last: datetime, now: datetime) -> AppointmentSeries:
    series.sessions, series.until_on = None, minute_on_wall(last, series.zone)[0]
    series.changed_at = now
    db.session.flush()
    return series


def _new_series(wanted: Wanted, now: datetime) -> AppointmentSeries:
    rule, pattern = wanted.recurrence, wanted.recurrence.pattern
    series = AppointmentSeries(
        counselor_id=wanted.counselor.id,
        client_id=wanted.client.id,
        service_id=wanted.service.id,
        created_by_id=wanted.by.id,
        zone=rule.zone,
        frequency=pattern.frequency,
        every=pattern.every,
        weekday=pattern.weekday,
        position=pattern.position,
        minute=rule.minute,
        first_on=rule.first_on,
        sessions=rule.ending.sessions,
        until_on=rule.ending.until,
        created_at=now,
        changed_at=now,
    )
    db.session.add(series)
    db.session.flush()
    return series


def _insert(wanted: Wanted, series: AppointmentSeries, starts: Sequence[datetime], now: datetime) -> list[Appointment]:
    first = single.new_appointment(wanted.counselor, wanted.client, wanted.service, starts[0], now)
    first |= {"series_id": series.id, "mode": eligibility.check_mode(wanted.service, wanted.mode)}
    sessions = []
    for starts_at in starts:
        shift = starts_at - starts[0]
        try:
            appointment = guards.insert(first | {name: first[name] + shift for name in _TIMES})
        except (SlotTakenError, ClientBusyError) as refusal:
            raise SeriesChangedError([minute_on_wall(starts_at, series.zone)[0]]) from refusal
        appointment.location_id = eligibility.location_at(appointment, starts_at, now)
        events.held.send(events.Held(appointment, now))
        sessions.append(appointment)
    return sessions
