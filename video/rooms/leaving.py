"""How a seat is lost: by leaving, by silence, by the end. Pure."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from video.rooms.state import Close, Report, Room, Seat, Step, problem, told, with_seat
from video.signalling.outgoing import Ended, Removed
from video.tokens import Power

GRACE = timedelta(seconds=45)


def drop(room: Room, connection: str, *, now: datetime) -> Step:
    """Note that a line is down. The seat is kept for `GRACE`; the others see "reconnecting"."""
    seat = room.seat_at(connection)
    if seat is None:
        return Step(room)
    room = with_seat(room, replace(seat, connection=None, lost_at=now))
    return told(room, Report("dropped", seat.person, now, {}))


def leave(room: Room, connection: str, *, now: datetime) -> Step:
    """Free the seat of a person who pressed Leave. They may come back without asking."""
    seat = room.seat_at(connection)
    return Step(room) if seat is None else _gone(room, [seat], "left", now)


def end(room: Room, connection: str, *, now: datetime) -> Step:
    """End the session for everyone; whoever was admitted waits again if they return."""
    seat = room.seat_at(connection)
    if seat is None or Power.END not in seat.powers:
        return problem(room, connection, "Only the counselor ends the session for everyone.")
    step = _emptied(replace(room, admitted=frozenset()), Ended(seat.name), "ended", now)
    return Step(replace(step.room, ended=True), (*step.effects, Report("ended", seat.person, now, {})))


def remove(room: Room, connection: str, person: str, *, now: datetime) -> Step:
    """Show a person out; if they return they wait, like anybody who was never in."""
    by, guest = room.seat_at(connection), room.seat_of(person)
    if by is None or not by.is_in or Power.MODERATE not in by.powers:
        return problem(room, connection, "Only the counselor shows people out.")
    if guest is None or guest.person == by.person:
        return problem(room, connection, "That person is no longer here.")
    closes = (Close(guest.connection, Removed(by.name)),) if guest.connection else ()
    room = replace(room, admitted=room.admitted - {person}, removed=room.removed | {person})
    step = _gone(room, [guest], "removed", now)
    return Step(step.room, (*closes, *step.effects))


def call_off(room: Room, *, now: datetime) -> Step:
    """End a session that was cancelled while people are in it."""
    step = _emptied(replace(room, admitted=frozenset()), Ended(why="cancelled"), "cancelled", now)
    return Step(replace(step.room, ended=True), step.effects)


def show_out(room: Room, people: Collection[str], *, now: datetime) -> Step:
    """End the session for those whose own place in it was cancelled; for everybody else it goes on."""
    leaving = [seat for seat in room.seats if seat.person in people]
    if not leaving:
        return Step(room)
    closes = tuple(Close(seat.connection, Ended(why="place")) for seat in leaving if seat.connection)
    step = _gone(replace(room, admitted=room.admitted - set(people)), leaving, "cancelled", now)
    return Step(step.room, (*closes, *step.effects))


def tick(room: Room, *, now: datetime) -> Step:
    """Free the seats of people who did not come back, and close the room when its time is up."""
    if room.seats and now >= room.closes_at:
        return _emptied(room, Ended(why="closed"), "closed", now)
    lost = [seat for seat in room.seats if seat.lost_at is not None and now >= seat.lost_at + GRACE]
    return _gone(room, lost, "lost", now) if lost else Step(room)


def _gone(room: Room, leaving: list[Seat], reason: str, now: datetime) -> Step:
    people = {seat.person for seat in leaving}
    room = replace(room, seats=tuple(seat for seat in room.seats if seat.person not in people))
    return told(room, *(_farewell(seat, reason, now) for seat in leaving))


def _emptied(room: Room, message: Ended, reason: str, now: datetime) -> Step:
    closes = [Close(seat.connection, message) for seat in room.seats if seat.connection]
    reports = [_farewell(seat, reason, now) for seat in room.seats]
    return Step(replace(room, seats=()), (*closes, *reports))


def _farewell(seat: Seat, reason: str, now: datetime) -> Report:
    until = seat.lost_at or now
    seconds = int((until - seat.joined_at).total_seconds()) if seat.joined_at else 0
    return Report("left", seat.person, now, {"reason": reason, "seconds": max(seconds, 0)})
