"""The room as each of its people may see it. Pure."""

from collections.abc import Iterable
from datetime import datetime

from video.rooms.state import Room, Seat, Send, milliseconds
from video.rooms.waiting import hosts
from video.signalling.outgoing import Occupant, RoomView, Waiting
from video.tokens import Power


def view(room: Room, seat: Seat, *, now: datetime) -> RoomView:
    """Describe the room as one person may see it: who waits is for those who may admit, who is in for those inside."""
    sees_waiting = seat.is_in and Power.ADMIT in seat.powers
    return RoomView(
        stage="in" if seat.is_in else "waiting",
        you=seat.person,
        powers=sorted(seat.powers),
        people=[_occupant(each, seat) for each in room.present] if seat.is_in else [],
        waiting=[_waiting(each) for each in room.seats if not each.is_in] if sees_waiting else [],
        hosted=bool(hosts(room)),
        now=milliseconds(now),
        ends_at=milliseconds(room.ends_at),
        closes_at=milliseconds(room.closes_at),
    )


def views(room: Room, *, now: datetime) -> Iterable[Send]:
    """Describe the room to everybody whose line is up."""
    return [Send(seat.connection, view(room, seat, now=now)) for seat in room.seats if seat.connection]


def _occupant(seat: Seat, viewer: Seat) -> Occupant:
    shows = seat.has_pictures and viewer.has_pictures
    return Occupant(
        seat.person,
        seat.name,
        seat.role.value,
        here=seat.is_here,
        microphone=seat.microphone and seat.is_heard,
        camera=seat.camera and shows,
        screen=seat.screen and shows,
        rung=seat.rung,
    )


def _waiting(seat: Seat) -> Waiting:
    return Waiting(seat.person, seat.name, milliseconds(seat.arrived_at), seat.connection is not None)
