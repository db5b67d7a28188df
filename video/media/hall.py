"""All rooms of this process: decisions come from `video.rooms`, here they are carried out."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from video.media.connections import Connections
from video.media.departures import Departures
from video.media.link import Link
from video.media.meters import Meters
from video.media.peer import Peer
from video.media.ports import Ports
from video.media.reports import Reporter
from video.media.router import Router
from video.rooms import entering, leaving, presence, state, views
from video.rooms.state import Room, Step
from video.signalling.incoming import Offer
from video.signalling.outgoing import Answer, Problem, Relocate, Slots, Welcome
from video.tokens import JoinToken

log = logging.getLogger(__name__)

TEND_EVERY_S = 0.1
_ANSWER_WITHIN_S = 5.0
_QUALITY_EVERY_S = 60.0


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


class Hall:
    """Holds the rooms, the pages' links and the people's connections."""

    def __init__(
        self, reporter: Reporter, ports: Ports, *, public_ip: str = "", now: Callable[[], datetime] = utc_now
    ) -> None:
        self.now = now
        self._ports = ports
        self.meters = Meters()
        self._reporter = reporter
        self._public_ip = public_ip
        self._rooms: dict[str, Room] = {}
        self._links: dict[str, Link] = {}
        self._connections = Connections()
        self._departures = Departures()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def links(self) -> list[Link]:
        """The pages connected now."""
        return list(self._links.values())

    @property
    def routers(self) -> list[Router]:
        """What packets go through now."""
        return [peer.router for _, peer in self._connections if peer.router is not None]

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
        return {"rooms": len(occupied), "people": people, "connections": len(self._connections)}

    def arrive(self, token: JoinToken, link: Link) -> None:
        """Seat whoever came with a valid token."""
        self._links[link.name] = link
        if token.room in self._departures:
            self._let_go(token.room)
        room = self._rooms.get(token.room) or state.room_for(token, now=self.now())
        peer = self._connections.newest(token.room, token.person)
        step = entering.arrive(room, token, link.name, now=self.now())
        if step.room.seat_at(link.name) is not None:
            link.send(Welcome(peer.generation if peer is not None and not peer.is_dead else 0))
        self.perform(step)
        if peer is not None:
            link.send(_slots(peer))

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
        return lines or bool(self._connections.shown(uid))

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
        self._dismiss(room)
        self._wire(room)

    async def connect(self, uid: str, link: Link, offer: Offer) -> None:
        """Answer a page's offer with a new connection; the person's old one ends."""
        room = self._rooms.get(uid)
        seat = room.seat_at(link.name) if room is not None else None
        if room is None or seat is None or not seat.is_in:
            link.send(Problem("You are connected as soon as you are let in."))
            return
        peer = self._connections.generation(uid, seat.person, offer.generation)
        try:
            again = peer.answer_again(offer.sdp) if peer is not None else None
            if again is not None:
                self.meters.offers["restarted"] += 1
                link.send(Answer(again, offer.number))
            else:
                peer = Peer(seat.person, offer.generation, self._ports, public_ip=self._public_ip)
                await self._connect(uid, link, peer, offer)
        except Exception as error:  # noqa: BLE001 -- a stranger's SDP may break the parser in any way; only they notice
            log.info("An offer was refused: %r", error)
            self.meters.offers["unfit"] += 1
            link.send(Problem("Your browser's offer could not be read. Load the page again."))

    async def _connect(self, uid: str, link: Link, peer: Peer, offer: Offer) -> None:
        """Build a new connection beside the one there is, which ends when this one carries."""
        try:
            sdp = await asyncio.wait_for(peer.answer(offer.sdp), _ANSWER_WITHIN_S)
        except BaseException:
            await peer.close()
            raise
        room = self._rooms.get(uid)
        if room is None or room.seat_at(link.name) not in room.present:
            await peer.close()
            return
        for old in self._connections.add(uid, peer):
            self._close(old)
        self.meters.offers["answered"] += 1
        peer.on_connected(lambda: self._rewire(uid))
        link.send(Answer(sdp, offer.number))
        self._wire(room)
        link.send(_slots(peer))

    def beat(self, beat: int) -> None:
        """Repair, review, tidy up: every tenth of a second."""
        at = time.monotonic()
        for router in self.routers:
            router.tend(at)
            if beat % 10 == router.turn:
                router.review(at)
        self._note_presence(at)
        if beat % 10 == 0:
            self._tidy(at)
        if beat % int(_QUALITY_EVERY_S / TEND_EVERY_S) == 0:
            self._report_quality()

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
        peer = self._connections.shown(room.uid).get(report.person)
        if report.event == "left" and peer is not None:
            report = state.Report(report.event, report.person, report.at, {**report.detail, **peer.quality()})
        self._reporter.note(room.uid, report)

    def _report_quality(self) -> None:
        for uid, peer in self._connections:
            if peer.is_connected:
                self._reporter.note(uid, state.Report("quality", peer.person, self.now(), peer.quality()))

    def _dismiss(self, room: Room) -> None:
        """End the connections of people who have no seat any more."""
        staying = frozenset(seat.person for seat in room.present)
        for peer in self._connections.drop(room.uid, but=staying):
            self._close(peer)

    def _rewire(self, uid: str) -> None:
        """Show people by a connection that has just come up."""
        if uid in self._rooms:
            self._wire(self._rooms[uid])

    def _wire(self, room: Room) -> None:
        """Let everybody in the room see and hear everybody else, over each connection they have."""
        shown = self._connections.shown(room.uid)
        silent = frozenset(seat.person for seat in room.present if not seat.is_heard)
        for seat in room.present:
            others = {each.person: shown[each.person] for each in room.present if each.person in shown}
            others.pop(seat.person, None)
            for peer in self._connections.of(room.uid, seat.person):
                if (
                    peer.follow(others, with_pictures=seat.has_pictures, silent=silent)
                    and seat.connection in self._links
                ):
                    self._links[seat.connection].send(_slots(peer))

    def _note_presence(self, at: float) -> None:
        """Tell the others when somebody's packets stop, and when they come again."""
        for room in [each for each in self._rooms.values() if each.uid not in self._departures]:
            flows = {person: peer.flows(at) for person, peer in self._connections.shown(room.uid).items()}
            step = presence.note(room, flows)
            if step.room is not room:
                self.perform(step)

    def _let_go(self, uid: str) -> None:
        """Forget a room that lives elsewhere; whoever did not go there yet comes back with a fresh token."""
        self._departures.end(uid)
        room = self._rooms.pop(uid)
        for seat in room.seats:
            if seat.connection in self._links:
                self._links.pop(seat.connection).close(Relocate())
        for peer in self._connections.drop(uid):
            self._close(peer)

    def _tidy(self, at: float) -> None:
        for uid in self._departures.overdue():
            self._let_go(uid)
        for room in list(self._rooms.values()):
            step = leaving.tick(room, now=self.now())
            if step.effects:
                self.perform(step)
            if not self._rooms[room.uid].seats and self.now() >= room.closes_at:
                del self._rooms[room.uid]
        for uid, peer in self._connections.sweep(at):
            self._close(peer)
            self._rewire(uid)

    def _close(self, peer: Peer) -> None:
        if peer.router is not None:
            self.meters.past.add(peer.router)
            peer.router.close()
        task = asyncio.create_task(peer.close())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _slots(peer: Peer) -> Slots:
    return Slots({str(slot): person for slot, person in peer.slots.items()})
