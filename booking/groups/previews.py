"""Who of a shared session would be told what, by which channel and when, before anybody moves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from booking import previews
from booking.groups import letters, moving, seats
from booking.models.groups import GroupSession
from booking.moving import UNDO_LASTS
from booking.policy import CONFIRMED
from booking.previews import Notice
from booking.reminding import planning
from practice.core.spans import Span
from practice.models import Person

ELSEWHERE = "an address of their own"


def of_move(session: GroupSession, after: Span, by: Person, now: datetime) -> list[Notice]:
    """List the notices of a move: everybody's new time, once it cannot be undone any more, and their reminders.

    Members do not learn each other's addresses here.
    """
    earlier, due_at = moving.last_untold(session, now), min(now + UNDO_LASTS, after.starts_at)
    news, reminders = [], []
    for seat in seats.live(session):
        if seat.status != CONFIRMED:
            continue
        if moving.last_heard(seat, earlier, session.span) != after:
            told = [seat.client, session.counselor] if moving.leads(seat, by) else [seat.client]
            news += [previews.letter(each, "New time", after.starts_at, due_at) for each in told]
        planned = planning.ahead(seat, after.starts_at, due_at, version=seat.sequence + 1)
        reminders += [previews.reminder(seat.client, each, after.starts_at) for each in planned]
    at = after.starts_at - letters.BEFORE
    if at > now:
        reminders.append(previews.letter(session.counselor, "Coming up", after.starts_at, at))
    listed = news + sorted(reminders, key=lambda each: each.due_at)
    if by.id == session.counselor_id:
        return listed
    known = {by.id, session.counselor_id}
    return [each if each.person.id in known else replace(each, address=ELSEWHERE) for each in listed]
