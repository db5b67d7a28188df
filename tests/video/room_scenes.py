"""Rooms with people in them, and what a step comes to."""

from __future__ import annotations

from datetime import datetime

from tests.video.scenes import ALICE, INES, NOON, a_token
from video.rooms import entering, state
from video.rooms.state import Report, Room, Step
from video.signalling.outgoing import Problem, Refused


def an_empty_room() -> Room:
    """Lay out a room nobody is in."""
    return state.room_for(a_token(), now=NOON)


def arrived(room: Room, person: str, connection: str | None = None, now: datetime = NOON, **changes: object) -> Step:
    """Let somebody arrive with a good token."""
    return entering.arrive(room, a_token(person, **changes), connection or f"c{person}", now=now)


def a_room_with(*people: str) -> Room:
    """Let people arrive one after the other, at noon."""
    room = an_empty_room()
    for person in people:
        room = arrived(room, person).room
    return room


def a_session() -> Room:
    """Give the room in which Ines has admitted Alice."""
    return entering.admit(a_room_with(INES, ALICE), f"c{INES}", ALICE, now=NOON).room


def events(step: Step) -> list[str]:
    """List what a step reports."""
    return [effect.event for effect in step.effects if isinstance(effect, Report)]


def words(step: Step) -> str:
    """Give the words that a step answers with; empty when it answers with none."""
    for effect in step.effects:
        message = getattr(effect, "message", None)
        if isinstance(message, Problem | Refused):
            return message.words
    return ""
