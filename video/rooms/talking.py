"""What people in the room tell each other through it. Pure."""

from dataclasses import replace

from video.rooms.state import Room, Send, Step, problem, told, with_seat
from video.signalling.outgoing import Hushed, Passed
from video.tokens import Power


def show(room: Room, connection: str, *, microphone: bool, camera: bool, screen: bool = False) -> Step:
    """Note whether a person's microphone and camera are on and their screen is shared, and tell the others.

    Whoever was muted is heard again once their microphone was off and is on: what a page said before it heard of
    being muted does not count.
    """
    seat = room.seat_at(connection)
    if seat is None:
        return Step(room)
    is_back = microphone and not seat.microphone
    hushed_by = "" if is_back else seat.hushed_by
    shown = replace(seat, microphone=microphone, camera=camera, screen=screen, hushed_by=hushed_by)
    return Step(room) if shown == seat else told(with_seat(room, shown))


def hush(room: Room, connection: str, person: str) -> Step:
    """Silence one person, or everybody else when none is named, until they switch their microphone on themselves."""
    by = room.seat_at(connection)
    if by is None or not by.is_in or Power.MODERATE not in by.powers:
        return problem(room, connection, "Only the counselor mutes others.")
    loud = [seat for seat in room.present if seat.person != by.person and person in (seat.person, "")]
    for seat in loud:
        room = with_seat(room, replace(seat, hushed_by=by.name))
    return told(room, *(Send(seat.connection, Hushed(by.name)) for seat in loud if seat.connection))


def pass_on(room: Room, connection: str, to: str, *, kind: str, data: str) -> Step:
    """Hand something unread from one person in the room to another, or to all others; whoever waits gets nothing."""
    seat = room.seat_at(connection)
    if seat is None or not seat.is_in:
        return problem(room, connection, "You can speak with the others once you are in the room.")
    passed = Passed(seat.person, kind, data)
    others = (each for each in room.present if each.person != seat.person and to in ("", each.person))
    return Step(room, tuple(Send(each.connection, passed) for each in others if each.connection))
