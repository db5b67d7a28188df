"""When a room is open follows the appointment, while people are in it too. Pure."""

from dataclasses import replace
from datetime import datetime

from video.rooms.state import Room, Step, told


def follow(room: Room, opens_at: datetime, ends_at: datetime, closes_at: datetime, *, now: datetime) -> Step:
    """Take over the hours of an appointment that was moved.

    When it was moved away from now, people finish what they began: the room closes when it would have.
    """
    hours = (opens_at, ends_at, closes_at)
    if hours == (room.opens_at, room.ends_at, room.closes_at) or not opens_at <= now < closes_at:
        return Step(room)
    return told(replace(room, opens_at=opens_at, ends_at=ends_at, closes_at=closes_at))
