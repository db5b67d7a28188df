"""Deals with a whole day in one transaction: sessions move or are called off, and each client gets one kind letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from booking import guards, notices, publishing, services
from booking.groups import services as groups
from booking.illness.days import Affected, IllDay
from booking.models.appointments import Appointment
from booking.moving import UNDO_LASTS
from practice.core import outbox
from practice.core.spans import Span
from practice.models import Person

MOVED, CANCELLED = "booking.ill_moved", "booking.ill_cancelled"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the day: new times by appointment, what is called off, and the words that go with it."""

    moves: Mapping[int, datetime]
    cancelled: frozenset[int]
    cancelled_groups: frozenset[int]
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How much was done."""

    moved: int
    cancelled: int


def carry_out(counselor: Person, day: IllDay, decision: Decision, now: datetime) -> Outcome:
    """Close the rest of the day and do what was decided, all of it or nothing. Raises a BookingRefusedError."""
    guards.lock_people(counselor.id, *{each.appointment.client_id for each in day.sessions})
    publishing.take_time_off(counselor, Span(max(day.span.starts_at, now), day.span.ends_at), "Not available")
    moved = cancelled = 0
    for each in day.sessions:
        appointment = each.appointment
        if appointment.id in decision.moves:
            _move(each, decision.moves[appointment.id], counselor, decision.words, now)
            moved += 1
        elif appointment.id in decision.cancelled:
            services.cancel(appointment, by=counselor, now=now, reason=decision.words)
            _tell(CANCELLED, appointment, decision.words, each.alternatives, now, due_at=now)
            cancelled += 1
    for session in day.groups:
        if session.id in decision.cancelled_groups:
            groups.call_off(session, by=counselor, now=now, reason=decision.words)
            cancelled += 1
    return Outcome(moved, cancelled)


def _move(affected: Affected, starts_at: datetime, counselor: Person, words: str, now: datetime) -> None:
    appointment, before = affected.appointment, affected.appointment.starts_at
    services.move(appointment, starts_at=starts_at, by=counselor, now=now)
    others = tuple(each for each in affected.alternatives if each != starts_at)
    due_at = min(now + UNDO_LASTS, starts_at)
    _tell(MOVED, appointment, words, others, now, due_at=due_at, before=before)


def _tell(
    kind: str,
    appointment: Appointment,
    words: str,
    others: tuple[datetime, ...],
    now: datetime,
    *,
    due_at: datetime,
    before: datetime | None = None,
) -> None:
    """Write one letter to the client in the place of the usual ones; the counselor has just done it themselves."""
    subject = notices.subject_of(appointment)
    outbox.withdraw(subject=subject, now=now, kinds=(notices.MOVED, notices.CANCELLED))
    outbox.plan(
        key=f"{kind}:{appointment.id}:{appointment.sequence}:email:{appointment.client_id}",
        kind=kind,
        recipient_id=appointment.client_id,
        payload={
            "version": appointment.sequence,
            "words": words,
            "others": [each.isoformat() for each in others],
            "before": before.isoformat() if before else None,
        },
        subject=subject,
        due_at=due_at,
        now=now,
    )
