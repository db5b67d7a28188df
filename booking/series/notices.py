"""Plans what people are told about a series: one letter for many sessions, instead of one for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from booking import notices
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.moving import UNDO_LASTS
from practice.core import outbox

BOOKED, CHANGED, CANCELLED = "booking.series_booked", "booking.series_changed", "booking.series_cancelled"
HOUR_MOVES = "booking.series_hour_moves"


def tell_booked(
    series: AppointmentSeries,
    sessions: Sequence[Appointment],
    lost: Sequence[datetime],
    now: datetime,
    *,
    told: Iterable[Appointment] = (),
) -> None:
    """Tell both which dates stand, and which were lost while the first was being paid.

    `told` are those that a letter of their own was planned for: it is taken back.
    """
    _instead_of(notices.CONFIRMED, told, now)
    dates = {"sessions": [each.id for each in sessions], "lost": [each.isoformat() for each in lost]}
    _tell_both(BOOKED, series, now, dates)


def tell_changed(
    series: AppointmentSeries, sessions: Sequence[Appointment], before: Sequence[datetime], now: datetime
) -> None:
    """Tell both of the new times once no single one can be taken back; `before` are the old ones, in the same order."""
    _instead_of(notices.MOVED, sessions, now)
    payload = {"sessions": [each.id for each in sessions], "before": [each.isoformat() for each in before]}
    _tell_both(CHANGED, series, now, payload, due_at=now + UNDO_LASTS)


def tell_cancelled(series: AppointmentSeries, sessions: Sequence[Appointment], now: datetime) -> None:
    """Tell both which dates are off."""
    _instead_of(notices.CANCELLED, sessions, now)
    _tell_both(CANCELLED, series, now, {"sessions": [each.id for each in sessions]})


def tell_hour_moves(
    series: AppointmentSeries, appointment: Appointment, before: datetime, changed_on: str, now: datetime
) -> None:
    """Tell the client, once for each change of the clocks, that their hour moves from a session on.

    Once for all the rules a series has had: changing it from a session on makes no second letter.
    """
    outbox.plan(
        key=f"{HOUR_MOVES}:{series.origin_id}:{changed_on}",
        kind=HOUR_MOVES,
        recipient_id=series.client_id,
        payload={
            "session": appointment.id,
            "starts_at": appointment.starts_at.isoformat(),
            "before": before.isoformat(),
        },
        subject=subject_of(series),
        due_at=now,
        now=now,
    )


def subject_of(series: AppointmentSeries) -> tuple[str, int]:
    """Return what the outbox files a series' messages under."""
    return ("series", series.id)


def _instead_of(kind: str, sessions: Iterable[Appointment], now: datetime) -> None:
    for each in sessions:
        outbox.withdraw(subject=notices.subject_of(each), now=now, kinds=(kind,))


def _tell_both(
    kind: str,
    series: AppointmentSeries,
    now: datetime,
    payload: Mapping[str, object],
    *,
    due_at: datetime | None = None,
) -> None:
    if not payload["sessions"]:
        return
    for recipient_id in (series.client_id, series.counselor_id):
        outbox.plan(
            key=f"{kind}:{series.id}:{now.isoformat()}:{recipient_id}",
            kind=kind,
            recipient_id=recipient_id,
            payload=dict(payload),
            subject=subject_of(series),
            due_at=due_at or now,
            now=now,
        )
