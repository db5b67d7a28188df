"""Whether a time is really on offer: a form made by hand is held to the same rules as the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from booking import availability
from booking.hours import DAY, minute_of
from booking.limits import full_days, too_many_in_a_row
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import IN_PERSON, INDIVIDUAL
from booking.refusals import ClientBusyError, NotOfferedError, OutsideHoursError, SlotTakenError
from booking.slots import Diary, Need, free_starts, place_of
from booking.timetables import Kind
from practice.core.db import db
from practice.core.spans import Span
from practice.models import CounselorProfile, Person


def check_service(counselor: Person, service: Service, *, kind: str = INDIVIDUAL) -> None:
    """Raise NotOfferedError unless this counselor offers this service, for so many people, to the public now."""
    if service.counselor_id != counselor.id or not service.active:
        raise NotOfferedError("This service is no longer offered. Choose another one.")
    if service.kind != kind:
        raise NotOfferedError("This service is booked in another way: choose it on the counselor’s page.")
    published = select(CounselorProfile.published).where(CounselorProfile.person_id == counselor.id)
    if counselor.closed_at is not None or not db.session.scalar(published):
        raise NotOfferedError("This counselor is not taking bookings at the moment.")


def check_client(client: Person, span: Span, now: datetime, *, leaving_out: int | None = None) -> None:
    """Raise ClientBusyError when the client has a session of their own at that time."""
    if availability.taken_by(client.id, span, now, leaving_out=leaving_out):
        raise ClientBusyError


def check_mode(service: Service, mode: str | None) -> str:
    """Return the way of meeting that was chosen, or the usual one; raise NotOfferedError unless it can be had."""
    if mode is not None and mode not in service.modes:
        raise NotOfferedError("This session is not offered in that way. Choose another way to meet.")
    return mode or service.modes[0]


def check_time(service: Service, mode: str, starts_at: datetime, now: datetime) -> int | None:
    """Raise SlotTakenError or NotOfferedError unless a session may start then; return its location in person."""
    need = availability.need_of(service, mode)
    span = Span.lasting(starts_at, need.minutes)
    diary = availability.diary_of(service.counselor_id, span, now)
    _check(diary, need, starts_at, now)
    return _location(diary, need, starts_at, service)


def place_for(service: Service, mode: str, starts_at: datetime, now: datetime) -> int | None:
    """Return where a session that starts then would be held; nowhere by video and by phone."""
    if mode != IN_PERSON:
        return None
    need = availability.need_of(service, mode)
    diary = availability.diary_of(service.counselor_id, Span.lasting(starts_at, need.minutes), now)
    return _location(diary, need, starts_at, service)


def check_move(
    appointment: Appointment, span: Span, now: datetime, *, free_of_notice: bool, outside: bool = False
) -> None:
    """Raise a refusal unless the appointment may move there, its own present time counting as free.

    One that keeps its start and only changes its length is the counselor's own affair, and so is one that they want
    `outside` their hours: the guards alone decide.
    """
    need = replace(need_of(appointment), minutes=span.minutes)
    check_client(appointment.client, span, now, leaving_out=appointment.id)
    if span.starts_at == appointment.starts_at:
        return
    diary = availability.diary_of(appointment.counselor_id, span, now, leaving_out=appointment.id)
    if free_of_notice:
        diary = replace(diary, rules=replace(diary.rules, notice_minutes=0))
    if free_of_notice or appointment.series_id is not None:
        diary = replace(diary, rules=replace(diary.rules, horizon_days=availability.FAR))
    try:
        _check(diary, need, span.starts_at, now)
    except NotOfferedError as refusal:
        if not free_of_notice or span.starts_at <= now:
            raise
        if not outside:
            raise OutsideHoursError(str(refusal)) from refusal


def location_at(appointment: Appointment, starts_at: datetime, now: datetime) -> int | None:
    """Return where an appointment is held once it starts then; nowhere by video and by phone."""
    if appointment.mode != IN_PERSON:
        return None
    need = need_of(appointment)
    diary = availability.diary_of(appointment.counselor_id, Span.lasting(starts_at, need.minutes), now)
    return _location(diary, need, starts_at, appointment.service)


def need_of(appointment: Appointment) -> Need:
    """Return what an appointment takes, as it was when it was booked."""
    before = minute_of(appointment.starts_at) - minute_of(appointment.blocked_from)
    after = minute_of(appointment.blocked_until) - minute_of(appointment.ends_at)
    return Need(appointment.span.minutes, before, after, Kind(appointment.service_id, appointment.mode))


def _check(diary: Diary, need: Need, starts_at: datetime, now: datetime) -> None:
    start, present = minute_of(starts_at), availability.round_up(now)
    whole = starts_at.second == starts_at.microsecond == 0
    if whole and free_starts(diary, need, (start, start + 1), present):
        return
    if start < present:
        raise NotOfferedError("This time has passed. Choose a later one.")
    if start < present + diary.rules.notice_minutes:
        raise NotOfferedError(f"This counselor is booked at least {length_in_words(diary.rules.notice_minutes)} ahead.")
    if start > present + diary.rules.horizon_days * DAY:
        raise NotOfferedError(f"This counselor can be booked up to {diary.rules.horizon_days} days ahead.")
    begin, end = start - need.before, start + need.minutes + need.after
    if any(begin < until and since < end for since, until in diary.busy):
        raise SlotTakenError
    if words := _over_limits(diary, need, start):
        raise NotOfferedError(words)
    raise NotOfferedError("This time is not on offer. Choose one of the times shown.")


def _over_limits(diary: Diary, need: Need, start: int) -> str | None:
    limits, zone = diary.rules.limits, diary.timetable.zone
    if limits is None:
        return None
    if any(begins <= start < ends for begins, ends in full_days(limits, diary.sessions, zone)):
        return "This counselor takes no more sessions then: that day or week is full. Choose another one."
    if any(begins <= start < ends for begins, ends in too_many_in_a_row(limits, diary.sessions, need.minutes)):
        return f"This counselor needs a break of {limits.break_minutes} minutes then. Choose another time."
    return None


def _location(diary: Diary, need: Need, starts_at: datetime, service: Service) -> int | None:
    """Return where people meet: the place of the hours, or else of the service; nowhere by video and by phone."""
    if need.kind.mode != IN_PERSON:
        return None
    return place_of(diary, need, minute_of(starts_at)) or service.location_id


def length_in_words(minutes: int) -> str:
    """Read `2 hours` or `1 day`."""
    for size, word in ((DAY, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {word}{'s' if count != 1 else ''}"
    return f"{minutes} minutes"
