"""Who gets in: with a token, back to a seat, or by being admitted. Pure."""

from dataclasses import replace
from datetime import datetime

from video.rooms.state import Close, Report, Room, Seat, Send, Step, problem, told, with_seat
from video.signalling.outgoing import Hushed, Moved, Refused
from video.tokens import JoinToken, Power, Role

MOST_SEATS = 12


def arrive(room: Room, token: JoinToken, connection: str, *, now: datetime) -> Step:
    """Seat a person who came with a valid token: in the room, back in the room, or in the waiting room."""
    refusal = _refusal(room, token, now)
    if refusal is not None:
        return Step(room, (Close(connection, refusal),))
    old = room.seat_of(token.person)
    is_in = _walks_in(room, token, old)
    seat = _seat(token, connection, old, is_in=is_in, now=now)
    room = replace(
        with_seat(room, seat),
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
    report = Report(event, seat.person, now, {"stage": stage, "taken_over": taken_over})
    still = (Send(connection, Hushed(seat.hushed_by)),) if seat.hushed_by else ()
    return told(room, *moved, report, *still)


def admit(room: Room, connection: str, person: str, *, now: datetime, is_cleared: bool = False) -> Step:
    """Let a waiting person in, on the word of somebody in the room who has the power.

    `is_cleared` says that the practice has the counselor's reason to meet somebody who is held.
    """
    by, guest = room.seat_at(connection), room.seat_of(person)
    if by is None or not by.is_in or Power.ADMIT not in by.powers:
        return problem(room, connection, "Only the counselor admits people.")
    if guest is None:
        return problem(room, connection, "That person is no longer waiting.")
    if guest.is_in:
        return Step(room)
    if guest.held and not is_cleared:
        return problem(room, connection, f"Before you let {guest.name} in, give your reason to meet where they are.")
    room = replace(
        with_seat(room, replace(guest, joined_at=now, held=False)),
        admitted=room.admitted | {person},
        removed=room.removed - {person},
    )
    waited = int((now - guest.arrived_at).total_seconds())
    return told(
        room,
        Report("admitted", person, now, {"by": by.person, "waited_seconds": waited}),
        Report("joined", person, now, {}),
    )


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
    if token.held:
        return False
    knows = token.admitted and not room.ended and token.person not in room.removed
    return knows or token.person in room.admitted


def _seat(token: JoinToken, connection: str, old: Seat | None, *, is_in: bool, now: datetime) -> Seat:
    return Seat(
        person=token.person,
        name=token.name,
        role=token.role,
        powers=token.powers,
        arrived_at=old.arrived_at if old else now,
        connection=connection,
        joined_at=(old.joined_at if old and old.joined_at else now) if is_in else None,
        microphone=old is None or old.microphone or not old.is_heard,
        camera=old.camera if old else True,
        flows=old.flows if old else None,
        rung=old.rung if old else 0,
        held=token.held and not is_in,
        hushed_by=old.hushed_by if old else "",
    )
