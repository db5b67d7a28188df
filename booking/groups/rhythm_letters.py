"""What people are told when many sessions of a group move or are off: one letter for all, checked as it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from booking import notices
from booking.models.appointments import Appointment
from booking.models.groups import GroupSeries
from booking.moving import UNDO_LASTS
from booking.policy import CANCELLED, CONFIRMED
from booking.series.letters import entries_of
from booking.whereabouts import whereabouts
from practice.core import formats, mail, outbox
from practice.core.db import db
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.links import absolute
from practice.models import Person, Practice

CHANGED, OFF = "booking.group_series_changed", "booking.group_series_cancelled"
HOUR_MOVES = "booking.group_hour_moves"


def register() -> None:
    """Tell the outbox who writes these letters."""
    outbox.renders(CHANGED)(_changed)
    outbox.renders(OFF)(_cancelled)
    outbox.renders(HOUR_MOVES)(_hour_moves)


def tell_changed(series: GroupSeries, before: Mapping[int, datetime], now: datetime) -> None:
    """Tell each of the new times once no move can be taken back; `before` is what they know of, by their place."""
    for client_id, places in _by_client(_named(before)).items():
        for each in places:
            outbox.withdraw(subject=notices.subject_of(each), now=now, kinds=(notices.MOVED,))
        payload = {"sessions": [each.id for each in places], "before": [before[each.id].isoformat() for each in places]}
        _plan(CHANGED, series, client_id, payload, now, due_at=now + UNDO_LASTS)


def tell_cancelled(series: GroupSeries, places: Iterable[Appointment], now: datetime) -> None:
    """Tell each which dates are off."""
    for client_id, own in _by_client(each for each in places if each.status == CANCELLED).items():
        for each in own:
            outbox.withdraw(subject=notices.subject_of(each), now=now, kinds=(notices.CANCELLED,))
        _plan(OFF, series, client_id, {"sessions": [each.id for each in own]}, now, due_at=now)


def tell_hour_moves(series: GroupSeries, place: Appointment, before: datetime, changed_on: str, now: datetime) -> None:
    """Tell one person, once for each change of the clocks, that their hour moves from a session on."""
    payload = {"sessions": [place.id], "starts_at": place.starts_at.isoformat(), "before": before.isoformat()}
    _plan(HOUR_MOVES, series, place.client_id, payload, now, due_at=now, about=changed_on)


def _by_client(places: Iterable[Appointment]) -> dict[int, list[Appointment]]:
    found: dict[int, list[Appointment]] = {}
    for each in sorted(places, key=lambda each: each.starts_at):
        found.setdefault(each.client_id, []).append(each)
    return found


def _plan(
    kind: str,
    series: GroupSeries,
    client_id: int,
    payload: Mapping[str, object],
    now: datetime,
    *,
    due_at: datetime,
    about: str = "",
) -> None:
    outbox.plan(
        key=f"{kind}:{series.id}:{about or now.isoformat()}:{client_id}",
        kind=kind,
        recipient_id=client_id,
        payload=dict(payload),
        subject=("group_series", series.id),
        due_at=due_at,
        now=now,
    )


def _changed(message: OutboxMessage, now: datetime) -> Mail | None:
    person = _reader(message)
    known = zip(_named(message.payload["sessions"]), message.payload["before"], strict=True)
    pairs = [
        (each, datetime.fromisoformat(old))
        for each, old in known
        if each.status == CONFIRMED and each.ends_at > now and each.starts_at != datetime.fromisoformat(old)
    ]
    if person is None or not pairs:
        return None
    subject = f"New times from {formats.day_in(pairs[0][0].starts_at, person.zone)}"
    return _compose("series_changed", subject, person, [each for each, _ in pairs], pairs=pairs)


def _cancelled(message: OutboxMessage, now: datetime) -> Mail | None:
    person = _reader(message)
    off = [each for each in _named(message.payload["sessions"]) if each.status == CANCELLED]
    if person is None or not off:
        return None
    subject = f"Cancelled: {len(off)} from {formats.day_in(off[0].starts_at, person.zone)}"
    by = off[0].cancelled_by
    return _compose(
        "series_cancelled",
        subject,
        person,
        off,
        cancelled_by=by.first_name if by else None,
        reason=off[0].cancel_reason,
    )


def _hour_moves(message: OutboxMessage, now: datetime) -> Mail | None:
    person = _reader(message)
    series = db.session.get(GroupSeries, message.subject_id)
    [place] = _named(message.payload["sessions"])
    same = place.starts_at == datetime.fromisoformat(message.payload["starts_at"])
    if person is None or series is None or not same or place.status != CONFIRMED or place.starts_at <= now:
        return None
    before = datetime.fromisoformat(message.payload["before"])
    words = {"before": formats.clock(before, person.zone), "after": formats.clock(place.starts_at, person.zone)}
    subject = f"From {formats.day_in(place.starts_at, person.zone)} at {words['after']}"
    return _compose("series_hour_moves", subject, person, [place], with_entries=False, series=series, **words)


def _reader(message: OutboxMessage) -> Person | None:
    person = db.session.get(Person, message.recipient_id)
    return person if person is not None and person.closed_at is None else None


def _named(ids: Iterable[int]) -> list[Appointment]:
    return [db.session.get_one(Appointment, each) for each in ids]


def _compose(
    template: str,
    subject: str,
    person: Person,
    places: list[Appointment],
    *,
    with_entries: bool = True,
    **words: object,
) -> Mail:
    counselor = places[0].counselor
    return mail.compose(
        f"emails/booking/{template}",
        to=person.email,
        subject=subject,
        attachments=(entries_of(places, person),) if with_entries else (),
        person=person,
        other=counselor,
        is_client=True,
        sessions=places,
        where="; ".join(dict.fromkeys(whereabouts(each, person) for each in places)),
        clocks_differ=False,
        link=absolute("booking.appointments"),
        link_words="See your sessions",
        practice_name=db.session.get_one(Practice, 1).name,
        **words,
    )
