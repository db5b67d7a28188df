"""Notes for the demo's past sessions. Everybody and everything in them is invented."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from booking.models.appointments import Appointment
from notes import services
from notes.boards import NOTED
from notes.demo_words import ADDENDUM, CALL, LATER, STORIES
from notes.models import CONTACT
from notes.words import Words
from practice.core import seeds
from practice.core.db import db
from practice.models import Person

ORDER = 40
TAB = "demo"
UNBEGUN, DRAFTS = 1, 1


def seed(_practice: Any, people: Mapping[str, Any], now: datetime) -> None:
    """Write about each counselor's past sessions but the latest and the latest of a group; the last is a draft."""
    for sessions in _past_sessions(now).values():
        told: dict[int, int] = defaultdict(int)
        left = _latest_group(sessions)
        begun = [each for each in sessions[:-UNBEGUN] if each.group_session_id not in left]
        for place, appointment in enumerate(begun):
            words = _told(appointment.client_id, told[appointment.client_id])
            told[appointment.client_id] += 1
            _write(appointment, words, now, signs=place < len(begun) - DRAFTS, adds=place == 0)
    if {"ines", "alice"} <= people.keys():
        _note_a_call(people["ines"], people["alice"], now)


def _note_a_call(author: Person, client: Person, now: datetime) -> None:
    """Note a call between two sessions, and leave the note a draft."""
    at = now - timedelta(hours=20)
    note = services.start(author=author, client=client, kind=CONTACT, happened_at=at, now=at)
    services.save_draft(note, CALL, base_version=0, tab=TAB, now=at)


def _told(client_id: int, visit: int) -> Words:
    """Choose what is noted of a client's visit: a story first, ordinary weeks after it."""
    story = STORIES[client_id % len(STORIES)]
    return story[visit] if visit < len(story) else LATER[(client_id + visit) % len(LATER)]


def _past_sessions(now: datetime) -> dict[int, list[Appointment]]:
    found: dict[int, list[Appointment]] = defaultdict(list)
    over = select(Appointment).where(Appointment.ends_at <= now, Appointment.status.in_(NOTED))
    for appointment in db.session.scalars(over.order_by(Appointment.starts_at)):
        found[appointment.counselor_id].append(appointment)
    return found


def _latest_group(sessions: list[Appointment]) -> set[int]:
    """Return the latest session that several shared, whose notes are written on one page."""
    shared = [each.group_session_id for each in sessions if each.group_session_id is not None]
    return set(shared[-1:])


def _write(appointment: Appointment, words: Words, now: datetime, *, signs: bool, adds: bool) -> None:
    written_at = min(now, appointment.ends_at + timedelta(minutes=9))
    note = services.open_or_start(appointment, now=written_at)
    services.save_draft(note, words, base_version=note.version, tab=TAB, now=written_at)
    if not signs:
        return
    signed_at = min(now, written_at + timedelta(minutes=3))
    services.sign(note, version=note.version, signer=appointment.counselor, now=signed_at)
    if adds:
        services.amend(note, ADDENDUM, author=appointment.counselor, now=min(now, signed_at + timedelta(days=1)))


seeds.register(ORDER, seed)
