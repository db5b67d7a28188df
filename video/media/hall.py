"""All rooms of this process: decisions come from `video.rooms`, here they are carried out."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from video.media.departures import Departures
from video.media.link import Link
from video.media.meters import Meters
from video.media.ports import Ports
from video.media.reports import Reporter
from video.media.router import Router
from video.media.switchboard import Switchboard
from video.rooms import entering, leaving, presence, state, views
from video.rooms.state import Room, Step
from video.signalling.outgoing import Relocate, Welcome
from video.tokens import JoinToken

BEAT_EVERY_S = 0.01
_TURNS = 10
_SWEEPING_TURN, _QUALITY_TURN = 5, 8
_QUALITY_TURNS = 600
"""In tenths of a second: everybody's quality is noted once a minute, and never everybody's at once."""


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class Hall:
    """Holds the rooms and the pages' links; `board` holds the people's connections."""

    def __init__(
        self, reporter: Reporter, ports: Ports, *, public_ip: str = "", now: Callable[[], datetime] = utc_now
    ) -> None:
        self.now = now
        self.meters = Meters()
        self._reporter = reporter
        self._rooms: dict[str, Room] = {}
        self._links: dict[str, Link] = {}
        self._departures = Departures()
        self._tended: list[Router] = []
        self.board = Switchboard(ports, self.meters, self._links, self.room, public_ip=public_ip)

    @property
    def links(self) -> list[Link]:
        """The pages connected now."""
        return list(self._links.values())

    @property
    def occupied(self) -> list[str]:
        """The rooms that somebody is in."""
        return [room.uid for room in self._rooms.values() if room.seats and room.uid not in self._departures]

    @property
    def departing(self) -> list[str]:
        """The rooms whose people are on their way to another server."""
        return [uid for uid in self._rooms if uid in self._departures]

    @property
    def counts(self) -> dict[str, int]:
        """How much is going on."""
        occupied = [room for room in self._rooms.values() if room.seats]
        people = sum(len(room.seats) for room in occupied)
        return {"rooms": len(occupied), "people": people, "connections": len(self.board)}

    def arrive(self, token: JoinToken, link: Link) -> None:
        """Seat whoever came with a valid token."""
        self._links[link.name] = link
        if token.room in self._departures:
            self._let_go(token.room)
        room = self._rooms.get(token.room) or state.room_for(token, now=self.now())
        generation = self.board.generation(token.room, token.person)
        step = entering.arrive(room, token, link.name, now=self.now())
        if step.room.seat_at(link.name) is not None:
            link.send(Welcome(generation))
        self.perform(step)
        slots = self.board.slots(token.room, token.person)
        if slots is not None:
            link.send(slots)

    def depart(self, room: str, link: Link) -> None:
        """Note that a page's link is down."""
        self._links.pop(link.name, None)
        if room in self._rooms and room not in self._departures:
            self.perform(leaving.drop(self._rooms[room], link.name, now=self.now()))

    def hand_over(self, uids: Iterable[str]) -> None:
        """Send people whose room lives elsewhere now over there; what they see goes on until they have gone."""
        for uid in uids:
            if uid not in self._rooms or not self._departures.begin(uid):
                continue
            for seat in self._rooms[uid].seats:
                if seat.connection in self._links:
                    self._links[seat.connection].send(Relocate())

    def is_manned(self, uid: str) -> bool:
        """Whether anybody still talks to us from a room, or is seen through us."""
        room = self._rooms.get(uid)
        lines = room is not None and any(seat.connection in self._links for seat in room.seats)
        return lines or self.board.is_any(uid)

    def room(self, uid: str) -> Room | None:
        """Find a room."""
        return self._rooms.get(uid)

    def perform(self, step: Step) -> None:
        """Take over a decision's room and carry out its effects."""
        room, before = step.room, self._rooms.get(step.room.uid)
        self._rooms[room.uid] = room
        for effect in step.effects:
            self._perform(room, effect)
        if room is before:
            return
        self.board.dismiss(room.uid, but=frozenset(seat.person for seat in room.present))
        self.board.wire(room)

    def beat(self, beat: int) -> None:
        """Repair, review, tidy up: every hundredth of a second a part of it, or packets would wait for all of it.

        Everybody is tended and seen to be there every tenth of a second, and reviewed every second.
        """
        at = time.monotonic()
        turn, rounds = beat % _TURNS, beat // _TURNS
        if turn == 0:
            self._tended = self.board.routers
        for router in self._tended[turn::_TURNS]:
            router.tend(at)
            if router.turn == rounds % _TURNS:
                router.review(at)
        self._note_presence(at, list(self._rooms.values())[turn::_TURNS])
        if turn == _SWEEPING_TURN:
            self.board.sweep(at, turn=rounds % _TURNS, turns=_TURNS)
        if turn == _QUALITY_TURN:
            self._report_quality(_QUALITY_TURNS - 1 - rounds % _QUALITY_TURNS)
        if beat % (_TURNS * _TURNS) == 0:
            self._tidy()

    def _perform(self, room: Room, effect: state.Effect) -> None:
        match effect:
            case state.Send(connection, message):
                if connection in self._links:
                    self._links[connection].send(message)
            case state.Close(connection, message):
                if connection in self._links:
                    self._links.pop(connection).close(message)
            case state.Report():
                self._report(room, effect)
            case state.Changed():
                for sent in views.views(room, now=self.now()):
                    self._perform(room, sent)

    def _report(self, room: Room, report: state.Report) -> None:
        self.meters.events[report.event] += 1
        if report.event == "left":
            detail = report.detail | self.board.quality(room.uid, report.person)
            report = replace(report, detail=detail)
        self._reporter.note(room.uid, report)

    def _report_quality(self, turn: int) -> None:
        for uid, person, quality in self.board.qualities(turn=turn, turns=_QUALITY_TURNS):
            self._reporter.note(uid, state.Report("quality", person, self.now(), quality))

    def _note_presence(self, at: float, rooms: list[Room]) -> None:
        """Tell the others when somebody's packets stop, and when they come again."""
        for room in [each for each in rooms if each.uid not in self._departures]:
            step = presence.note(room, self.board.flows(room.uid, at))
            if step.room is not room:
                self.perform(step)

    def _let_go(self, uid: str) -> None:
        """Forget a room that lives elsewhere; whoever did not go there yet comes back with a fresh token."""
        self._departures.end(uid)
        room = self._rooms.pop(uid)
        for seat in room.seats:
            if seat.connection in self._links:
                self._links.pop(seat.connection).close(Relocate())
        self.board.dismiss(uid)

    def _tidy(self) -> None:
        for uid in self._departures.overdue():
            self._let_go(uid)
        for room in list(self._rooms.values()):
            step = leaving.tick(room, now=self.now())
            if step.effects:
                self.perform(step)
            if not self._rooms[room.uid].seats and self.now() >= room.closes_at:
                del self._rooms[room.uid]
