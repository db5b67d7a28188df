"""A room as a state machine: who waits, who is in, who may do what. Pure: functions return a new room and effects."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from video.signalling import Ended, Moved, Occupant, Outgoing, Problem, Refused, RoomView, Said, Waiting
from video.tokens import JoinToken, Power, Role

GRACE = timedelta(seconds=45)
MOST_SEATS = 12


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place. `connection` is None while their line is down, since `lost_at`."""

    person: str
    name: str
    role: Role
    powers: frozenset[Power]
    arrived_at: datetime
    connection: str | None
    joined_at: datetime | None = None
    lost_at: datetime | None = None
    microphone: bool = True
    camera: bool = True

    @property
    def is_in(self) -> bool:
        """Whether the person has come from the waiting room into the room."""
        return self.joined_at is not None


@dataclass(frozen=True, slots=True)
class Room:
    """One appointment's room. `admitted` outlives the seats: whoever was let in once may come back."""

    uid: str
    opens_at: datetime
    ends_at: datetime
    closes_at: datetime
    seats: tuple[Seat, ...] = ()
    admitted: frozenset[str] = frozenset()
    ended: bool = False

    def seat_of(self, person: str) -> Seat | None:
        """Find a person's seat."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def seat_at(self, connection: str) -> Seat | None:
        """Find the seat that a connection holds."""
        return next((seat for seat in self.seats if seat.connection == connection), None)

    @property
    def present(self) -> tuple[Seat, ...]:
        """The people whose picture and sound go to the others, in the order they came."""
        return tuple(seat for seat in self.seats if seat.is_in)


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message over a connection."""

    connection: str
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Close:
    """Say a last word over a connection and close it."""

    connection: str
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the web what happened, without content."""

    event: str
    person: str
    at: datetime
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """Show everybody the room as it is now: see `views`."""


Effect = Send | Close | Report | Changed


@dataclass(frozen=True, slots=True)
class Step:
    """What a decision comes to: the room after it, and what is to be done."""

    room: Room
    effects: tuple[Effect, ...] = ()


def room_for(token: JoinToken) -> Room:
    """Lay out the empty room that a token speaks of."""
    return Room(token.room, token.opens_at, token.ends_at, token.closes_at)


def arrive(room: Room, token: JoinToken, connection: str, *, now: datetime) -> Step:
    """Seat a person who came with a valid token: in the room, back in the room, or in the waiting room."""
    refusal = _refusal(room, token, now)
    if refusal is not None:
        return Step(room, (Close(connection, refusal),))
    old = room.seat_of(token.person)
    is_in = _walks_in(room, token, old)
    seat = _seat(token, connection, old, is_in=is_in, now=now)
    room = replace(
        _with(room, seat),
        opens_at=token.opens_at,
        ends_at=token.ends_at,
        closes_at=token.closes_at,
        admitted=room.admitted | ({token.person} if is_in else set()),
        ended=room.ended and token.role is not Role.COUNSELOR,
    )
    taken_over = old is not None and old.connection is not None
    moved = (Close(old.connection, Moved()),) if old and old.connection else ()
    stage = "in" if is_in else "waiting"
    event = "returned" if old is not None else "joined" if is_in else "waiting"
    return _told(room, *moved, Report(event, seat.person, now, {"stage": stage, "taken_over": taken_over}))


def admit(room: Room, connection: str, person: str, *, now: datetime) -> Step:
    """Let a waiting person in, on the word of somebody in the room who has the power."""
    by, guest = room.seat_at(connection), room.seat_of(person)
    if by is None or not by.is_in or Power.ADMIT not in by.powers:
        return _problem(room, connection, "Only the counselor admits people.")
    if guest is None:
        return _problem(room, connection, "That person is no longer waiting.")
    if guest.is_in:
        return Step(room)
    room = replace(_with(room, replace(guest, joined_at=now)), admitted=room.admitted | {person})
    waited = int((now - guest.arrived_at).total_seconds())
    return _told(
        room,
        Report("admitted", person, now, {"by": by.person, "waited_seconds": waited}),
        Report("joined", person, now, {}),
    )


def show(room: Room, connection: str, *, microphone: bool, camera: bool) -> Step:
    """Note whether a person's microphone and camera are on, and tell the others."""
    seat = room.seat_at(connection)
    if seat is None or (seat.microphone, seat.camera) == (microphone, camera):
        return Step(room)
    return _told(_with(room, replace(seat, microphone=microphone, camera=camera)))


def say(room: Room, connection: str, text: str, *, now: datetime) -> Step:
    """Pass a line of chat to everybody in the room, its writer included. Nothing is kept."""
    seat = room.seat_at(connection)
    if seat is None or not seat.is_in:
        return _problem(room, connection, "You can write once you are in the room.")
    said = Said(seat.person, seat.name, text.strip(), _milliseconds(now))
    return Step(room, tuple(Send(each.connection, said) for each in room.present if each.connection))


def drop(room: Room, connection: str, *, now: datetime) -> Step:
    """Note that a line is down. The seat is kept for `GRACE`; the others see "reconnecting"."""
    seat = room.seat_at(connection)
    if seat is None:
        return Step(room)
    room = _with(room, replace(seat, connection=None, lost_at=now))
    return _told(room, Report("dropped", seat.person, now, {}))


def leave(room: Room, connection: str, *, now: datetime) -> Step:
    """Free the seat of a person who pressed Leave. They may come back without asking."""
    seat = room.seat_at(connection)
    return Step(room) if seat is None else _gone(room, [seat], "left", now)


def end(room: Room, connection: str, *, now: datetime) -> Step:
    """End the session for everyone; whoever was admitted waits again if they return."""
    seat = room.seat_at(connection)
    if seat is None or Power.END not in seat.powers:
        return _problem(room, connection, "Only the counselor ends the session for everyone.")
    step = _emptied(replace(room, admitted=frozenset()), Ended(seat.name), "ended", now)
    return Step(replace(step.room, ended=True), (*step.effects, Report("ended", seat.person, now, {})))


def call_off(room: Room, *, now: datetime) -> Step:
    """End a session that was cancelled while people are in it."""
    step = _emptied(replace(room, admitted=frozenset()), Ended(), "cancelled", now)
    return Step(replace(step.room, ended=True), step.effects)


def show_out(room: Room, people: Collection[str], *, now: datetime) -> Step:
    """End the session for those whose own place in it was cancelled; for everybody else it goes on."""
    leaving = [seat for seat in room.seats if seat.person in people]
    if not leaving:
        return Step(room)
    closes = tuple(Close(seat.connection, Ended()) for seat in leaving if seat.connection)
    step = _gone(replace(room, admitted=room.admitted - set(people)), leaving, "cancelled", now)
    return Step(step.room, (*closes, *step.effects))


def tick(room: Room, *, now: datetime) -> Step:
    """Free the seats of people who did not come back, and close the room when its time is up."""
    if room.seats and now >= room.closes_at:
        return _emptied(room, Ended(), "closed", now)
    lost = [seat for seat in room.seats if seat.lost_at is not None and now >= seat.lost_at + GRACE]
    return _gone(room, lost, "lost", now) if lost else Step(room)


def view(room: Room, seat: Seat, *, now: datetime) -> RoomView:
    """Describe the room as one person may see it: who waits is for those who may admit, who is in for those inside."""
    sees_waiting = seat.is_in and Power.ADMIT in seat.powers
    return RoomView(
        stage="in" if seat.is_in else "waiting",
        you=seat.person,
        powers=sorted(seat.powers),
        people=[_occupant(each) for each in room.present] if seat.is_in else [],
        waiting=[_waiting(each) for each in room.seats if not each.is_in] if sees_waiting else [],
        now=_milliseconds(now),
        ends_at=_milliseconds(room.ends_at),
        closes_at=_milliseconds(room.closes_at),
    )


def views(room: Room, *, now: datetime) -> Iterable[Send]:
    """Describe the room to everybody whose line is up."""
    return [Send(seat.connection, view(room, seat, now=now)) for seat in room.seats if seat.connection]


def _refusal(room: Room, token: JoinToken, now: datetime) -> Refused | None:
    if token.room != room.uid:
        return Refused("token", "This is the way into another room. Open the room from your session page.")
    if now < token.opens_at:
        return Refused("early", "This room is not open yet. It opens a little before your session.")
    if now >= token.closes_at:
        return Refused("late", "This session is over and its room is closed.")
    if len(room.seats) >= MOST_SEATS and room.seat_of(token.person) is None:
        return Refused("full", "This room is full.")
    return None


def _walks_in(room: Room, token: JoinToken, old: Seat | None) -> bool:
    if token.role is Role.COUNSELOR or (old is not None and old.is_in):
        return True
    return (token.admitted and not room.ended) or token.person in room.admitted


def _seat(token: JoinToken, connection: str, old: Seat | None, *, is_in: bool, now: datetime) -> Seat:
    return Seat(
        person=token.person,
        name=token.name,
        role=token.role,
        powers=token.powers,
        arrived_at=old.arrived_at if old else now,
        connection=connection,
        joined_at=(old.joined_at if old and old.joined_at else now) if is_in else None,
        microphone=old.microphone if old else True,
        camera=old.camera if old else True,
    )


def _with(room: Room, seat: Seat) -> Room:
    if room.seat_of(seat.person) is None:
        return replace(room, seats=(*room.seats, seat))
    return replace(room, seats=tuple(seat if each.person == seat.person else each for each in room.seats))


def _told(room: Room, *effects: Effect) -> Step:
    return Step(room, (*effects, Changed()))


def _problem(room: Room, connection: str, words: str) -> Step:
    return Step(room, (Send(connection, Problem(words)),))


def _gone(room: Room, leaving: list[Seat], reason: str, now: datetime) -> Step:
    people = {seat.person for seat in leaving}
    room = replace(room, seats=tuple(seat for seat in room.seats if seat.person not in people))
    return _told(room, *(_farewell(seat, reason, now) for seat in leaving))


def _emptied(room: Room, message: Ended, reason: str, now: datetime) -> Step:
    closes = [Close(seat.connection, message) for seat in room.seats if seat.connection]
    reports = [_farewell(seat, reason, now) for seat in room.seats]
    return Step(replace(room, seats=()), (*closes, *reports))


def _farewell(seat: Seat, reason: str, now: datetime) -> Report:
    until = seat.lost_at or now
    seconds = int((until - seat.joined_at).total_seconds()) if seat.joined_at else 0
    return Report("left", seat.person, now, {"reason": reason, "seconds": max(seconds, 0)})


def _occupant(seat: Seat) -> Occupant:
    here = seat.connection is not None
    return Occupant(seat.person, seat.name, seat.role.value, here, seat.microphone, seat.camera)


def _waiting(seat: Seat) -> Waiting:
    return Waiting(seat.person, seat.name, _milliseconds(seat.arrived_at), seat.connection is not None)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
