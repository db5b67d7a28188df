"""Who can be reached: a line may be down while voice and picture go on, and the other way round. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from video.rooms.state import Room, Step, told, with_seat


def climb(room: Room, connection: str, rung: int) -> Step:
    """Note how much a person's connection carries: the others are told, and pictures go where they can."""
    seat = room.seat_at(connection)
    if seat is None or seat.rung == rung:
        return Step(room)
    return told(with_seat(room, replace(seat, rung=rung)))


def note(room: Room, flows: Mapping[str, bool | None]) -> Step:
    """Note whose packets flow; whoever is not named has no connection. The others are told when that changes."""
    before = [seat.is_here for seat in room.seats]
    for seat in room.present:
        if seat.flows is not flows.get(seat.person):
            room = with_seat(room, replace(seat, flows=flows.get(seat.person)))
    is_changed = [seat.is_here for seat in room.seats] != before
    return told(room) if is_changed else Step(room)
