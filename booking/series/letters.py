"""The letters about a series, checked once more when they leave: what no longer stands is not named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from booking import calendar
from booking.letters import entry_for
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.policy import CANCELLED, CONFIRMED
from booking.series import notices
from booking.whereabouts import whereabouts
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Attachment, Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice

Writer = Callable[[OutboxMessage, AppointmentSeries, Person, datetime], Mail | None]


def register() -> None:
    """Tell the outbox who writes these letters."""
    for kind, writer in (
        (notices.BOOKED, _booked),
        (notices.CHANGED, _changed),
        (notices.CANCELLED, _cancelled),
        (notices.HOUR_MOVES, _hour_moves),
    ):
        outbox.renders(kind)(_for_people(writer))


def _for_people(writer: Writer) -> Callable[[OutboxMessage, datetime], Mail | None]:
    def write(message: OutboxMessage, now: datetime) -> Mail | None:
        series = db.session.get(AppointmentSeries, message.subject_id)
        person = db.session.get(Person, message.recipient_id)
        if series is None or person is None or person.closed_at is not None:
            return None
        return writer(message, series, person, now)

    return write


def _booked(message: OutboxMessage, series: AppointmentSeries, person: Person, now: datetime) -> Mail | None:
    sessions = [each for each in _named(message) if each.status == CONFIRMED and each.ends_at > now]
    if not sessions:
        return None
    lost = [datetime.fromisoformat(each) for each in message.payload["lost"]]
    subject = f"Your appointments: {len(sessions)} from {formats.day_in(sessions[0].starts_at, person.zone)}"
    return _compose("series_booked", subject, series, person, sessions, lost=lost)


def _changed(message: OutboxMessage, series: AppointmentSeries, person: Person, now: datetime) -> Mail | None:
    before = [datetime.fromisoformat(each) for each in message.payload["before"]]
    pairs = [
        (each, old)
        for each, old in zip(_named(message), before, strict=True)
        if each.status == CONFIRMED and each.ends_at > now and each.starts_at != old
    ]
    if not pairs:
        return None
    subject = f"New times from {formats.day_in(pairs[0][0].starts_at, person.zone)}"
    return _compose("series_changed", subject, series, person, [each for each, _ in pairs], pairs=pairs)


def _cancelled(message: OutboxMessage, series: AppointmentSeries, person: Person, now: datetime) -> Mail | None:
    sessions = [each for each in _named(message) if each.status == CANCELLED]
    if not sessions:
        return None
    subject = f"Cancelled: {len(sessions)} from {formats.day_in(sessions[0].starts_at, person.zone)}"
    by = sessions[0].cancelled_by
    words = {
        "cancelled_by": "you" if by is not None and by.id == person.id else by.first_name if by else None,
        "reason": sessions[0].cancel_reason if by is not None and by.id != person.id else None,
    }
    return _compose("series_cancelled", subject, series, person, sessions, **words)


def _hour_moves(message: OutboxMessage, series: AppointmentSeries, person: Person, now: datetime) -> Mail | None:
    session = db.session.get(Appointment, message.payload["session"])
    same = session is not None and session.starts_at == datetime.fromisoformat(message.payload["starts_at"])
    if session is None or not same or session.status != CONFIRMED or session.starts_at <= now:
        return None
    before = datetime.fromisoformat(message.payload["before"])
    words = {"before": formats.clock(before, person.zone), "after": formats.clock(session.starts_at, person.zone)}
    subject = f"From {formats.day_in(session.starts_at, person.zone)} at {words['after']}"
    return _compose("series_hour_moves", subject, series, person, [session], **words)


def _named(message: OutboxMessage) -> list[Appointment]:
    found = (db.session.get(Appointment, number) for number in message.payload["sessions"])
    return [each for each in found if each is not None]


def _compose(
    template: str,
    subject: str,
    series: AppointmentSeries,
    person: Person,
    sessions: list[Appointment],
    **words: object,
) -> Mail:
    return mail.compose(
        f"emails/booking/{template}",
        to=person.email,
        subject=subject,
        attachments=() if template == "series_hour_moves" else (entries_of(sessions, person),),
        series=series,
        person=person,
        other=series.counselor if person.id == series.client_id else series.client,
        is_client=person.id == series.client_id,
        sessions=sessions,
        where="; ".join(dict.fromkeys(whereabouts(each, person) for each in sessions)),
        clocks_differ=_clocks_differ(series, sessions),
        link=absolute("booking.series", series_id=series.id),
        practice_name=db.session.get_one(Practice, 1).name,
        **words,
    )


def entries_of(sessions: list[Appointment], person: Person) -> Attachment:
    """Attach every session as the calendar entry of its own that it is (RFC 5546, 3.2.1: several only in PUBLISH)."""
    entries = [replace(entry_for(each, person), cancelled=each.status == CANCELLED) for each in sessions]
    content = calendar.ics_of_many(entries)
    return Attachment("appointments.ics", content, calendar.content_type(calendar.Method.PUBLISH))


def _clocks_differ(series: AppointmentSeries, sessions: list[Appointment]) -> bool:
    here, there = ZoneInfo(series.zone), ZoneInfo(series.client.zone)
    return any(
        each.starts_at.astimezone(here).utcoffset() != each.starts_at.astimezone(there).utcoffset() for each in sessions
    )
