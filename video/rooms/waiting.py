"""Words between whoever waits and whoever may let them in. Pure.

These pass the server as they are written: somebody who waits has no keys yet. Those who wait never hear of each other.
"""

from datetime import datetime

from video.rooms.state import Room, Seat, Send, Step, milliseconds, problem
from video.signalling.outgoing import Written
from video.tokens import Power


def hosts(room: Room) -> tuple[Seat, ...]:
    """Return the people in the room who see who waits."""
    return tuple(seat for seat in room.present if Power.ADMIT in seat.powers and seat.connection)


def write(room: Room, connection: str, person: str, text: str, *, now: datetime) -> Step:
    """Pass a line to somebody who waits, or from somebody who waits to those who may admit. Nothing is kept."""
    by = room.seat_at(connection)
    if by is None:
        return Step(room)
    hosting = hosts(room)
    if by.is_in and by not in hosting:
        return problem(room, connection, "Only the counselor writes to people who wait.")
    if not by.is_in and not hosting:
        return problem(room, connection, "Nobody is in the room yet who could read this.")
    waiting = room.seat_of(person) if by.is_in else by
    if waiting is None or waiting.is_in:
        return problem(room, connection, "That person is no longer waiting.")
    line = Written(by.person, by.name, waiting.person, text.strip(), milliseconds(now))
    return Step(room, tuple(Send(each.connection, line) for each in (*hosting, waiting) if each.connection))
