"""A room as a state machine: who waits, who is in. Pure: decisions give a new room and effects."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from video.signalling.outgoing import Outgoing, Problem
from video.tokens import JoinToken, Power, Role

SOUND_ONLY = 3


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place. `connection` is None while their line is down, since `lost_at`.

    `flows` says whether packets come from them; None while they have no connection for media.
    `microphone` is what their page says. `hushed_by` names who muted them: nobody hears them then until their page has
    said that its microphone is off, and later that it is on again.
    `held` says that they are not let in before the counselor has given a reason to meet.
    """

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
    screen: bool = False
    flows: bool | None = None
    rung: int = 0
    held: bool = False
    hushed_by: str = ""

    @property
    def has_pictures(self) -> bool:
        """Whether the person's connection carries pictures, theirs and the others'."""
        return self.rung < SOUND_ONLY

    @property
    def is_heard(self) -> bool:
        """Whether the person's sound goes to the others."""
        return not self.hushed_by

    @property
    def is_here(self) -> bool:
        """Whether the others reach the person: by what packets say, or by the line while there are none to judge by."""
        return self.connection is not None if self.flows is None else self.flows

    @property
    def is_in(self) -> bool:
        """Whether the person has come from the waiting room into the room."""
        return self.joined_at is not None


@dataclass(frozen=True, slots=True)
class Room:
    """One appointment's room. `admitted` outlives the seats: whoever was let in once may come back.

    `removed` are those who were shown out since: they wait at the door again, whatever an older token says.
    """

    uid: str
    opens_at: datetime
    ends_at: datetime
    closes_at: datetime
    seats: tuple[Seat, ...] = ()
    admitted: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
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


def room_for(token: JoinToken, *, now: datetime) -> Room:
    """Lay out the room that a token speaks of, with the seats of those who were in it on a server that is gone."""
    seats = tuple(
        Seat(each.person, each.name, each.role, frozenset(), now, None, joined_at=now, lost_at=now)
        for each in token.company
        if each.person != token.person
    )
    admitted = frozenset(seat.person for seat in seats)
    return Room(token.room, token.opens_at, token.ends_at, token.closes_at, seats, admitted)


def with_seat(room: Room, seat: Seat) -> Room:
    """Put a seat in, in place of the person's old one."""
    if room.seat_of(seat.person) is None:
        return replace(room, seats=(*room.seats, seat))
    return replace(room, seats=tuple(seat if each.person == seat.person else each for each in room.seats))


def told(room: Room, *effects: Effect) -> Step:
    """Come to a room that everybody is to see."""
    return Step(room, (*effects, Changed()))


def problem(room: Room, connection: str, words: str) -> Step:
    """Change nothing and say why."""
    return Step(room, (Send(connection, Problem(words)),))


def milliseconds(instant: datetime) -> int:
    """Give an instant as the page counts, in milliseconds since 1970."""
    return int(instant.timestamp() * 1000)
