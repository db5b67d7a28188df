"""Who is connected, and who sees and hears whom: offers are answered here, and people's lines are joined."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from typing import Any

from video.media.connections import Connections
from video.media.link import Link
from video.media.meters import Meters
from video.media.peer import Peer
from video.media.ports import Ports
from video.media.router import Router
from video.rooms.state import Room
from video.signalling.incoming import Offer
from video.signalling.outgoing import Answer, Problem, Slots

log = logging.getLogger(__name__)

_ANSWER_WITHIN_S = 5.0


class Switchboard:
    """The people's connections in every room. `links` are the hall's, and so is what `room` finds."""

    def __init__(
        self,
        ports: Ports,
        meters: Meters,
        links: dict[str, Link],
        room: Callable[[str], Room | None],
        *,
        public_ip: str,
    ) -> None:
        self._ports = ports
        self._public_ip = public_ip
        self._meters = meters
        self._links = links
        self._room = room
        self._connections = Connections()
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Count the connections."""
        return len(self._connections)

    @property
    def routers(self) -> list[Router]:
        """What packets go through now."""
        return [peer.router for _, peer in self._connections if peer.router is not None]

    def generation(self, uid: str, person: str) -> int:
        """Give the page's number for the connection it still has; 0 when there is none."""
        peer = self._connections.newest(uid, person)
        return peer.generation if peer is not None and not peer.is_dead else 0

    def slots(self, uid: str, person: str) -> Slots | None:
        """Tell whose picture and sound come to a person on which lines."""
        peer = self._connections.newest(uid, person)
        return _slots(peer) if peer is not None else None

    def is_any(self, uid: str) -> bool:
        """Whether anybody is connected in a room."""
        return bool(self._connections.shown(uid))

    def quality(self, uid: str, person: str) -> dict[str, Any]:
        """Sum up the connection by which somebody is seen."""
        peer = self._connections.shown(uid).get(person)
        return peer.quality() if peer is not None else {}

    def qualities(self, *, turn: int, turns: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Sum up the connections that carry, in one of so many turns a part of them: room, person, figures."""
        for uid, peer in list(self._connections)[turn::turns]:
            if peer.is_connected:
                yield uid, peer.person, peer.quality()

    def flows(self, uid: str, at: float) -> dict[str, bool | None]:
        """Tell for everybody in a room whether packets come from them."""
        return {person: peer.flows(at) for person, peer in self._connections.shown(uid).items()}

    async def connect(self, uid: str, link: Link, offer: Offer) -> None:
        """Answer a page's offer with a new connection; the person's old one ends."""
        room = self._room(uid)
        seat = room.seat_at(link.name) if room is not None else None
        if room is None or seat is None or not seat.is_in:
            link.send(Problem("You are connected as soon as you are let in."))
            return
        peer = self._connections.generation(uid, seat.person, offer.generation)
        try:
            again = peer.answer_again(offer.sdp) if peer is not None else None
            if again is not None:
                self._meters.offers["restarted"] += 1
                link.send(Answer(again, offer.number))
            else:
                peer = Peer(seat.person, offer.generation, self._ports, public_ip=self._public_ip)
                await self._connect(uid, link, peer, offer)
        except Exception as error:  # noqa: BLE001 -- a stranger's SDP may break the parser in any way; only they notice
            log.info("An offer was refused: %r", error)
            self._meters.offers["unfit"] += 1
            link.send(Problem("Your browser's offer could not be read. Load the page again."))

    async def _connect(self, uid: str, link: Link, peer: Peer, offer: Offer) -> None:
        """Build a new connection beside the one there is, which ends when this one carries."""
        try:
            sdp = await asyncio.wait_for(peer.answer(offer.sdp), _ANSWER_WITHIN_S)
        except BaseException:
            await peer.close()
            raise
        room = self._room(uid)
        if room is None or room.seat_at(link.name) not in room.present:
            await peer.close()
            return
        for old in self._connections.add(uid, peer):
            self._close(old)
        self._meters.offers["answered"] += 1
        peer.on_connected(lambda: self._rewire(uid))
        link.send(Answer(sdp, offer.number))
        self.wire(room)
        link.send(_slots(peer))

    def wire(self, room: Room) -> None:
        """Let everybody in the room see and hear everybody else, over each connection they have."""
        shown = self._connections.shown(room.uid)
        silent = frozenset(seat.person for seat in room.present if not seat.is_heard)
        for seat in room.present:
            others = {each.person: shown[each.person] for each in room.present if each.person in shown}
            others.pop(seat.person, None)
            for peer in self._connections.of(room.uid, seat.person):
                is_new = peer.follow(others, with_pictures=seat.has_pictures, silent=silent)
                if is_new and seat.connection in self._links:
                    self._links[seat.connection].send(_slots(peer))

    def dismiss(self, uid: str, *, but: frozenset[str] = frozenset()) -> None:
        """End everybody's connections in a room but some people's."""
        for peer in self._connections.drop(uid, but=but):
            self._close(peer)

    def sweep(self, at: float, *, turn: int, turns: int) -> None:
        """End what is dead or was replaced, in a part of the rooms."""
        for uid, peer in self._connections.sweep(at, turn=turn, turns=turns):
            self._close(peer)
            self._rewire(uid)

    def _rewire(self, uid: str) -> None:
        """Show people by a connection that has just come up."""
        room = self._room(uid)
        if room is not None:
            self.wire(room)

    def _close(self, peer: Peer) -> None:
        if peer.router is not None:
            self._meters.past.add(peer.router)
            peer.router.close()
        task = asyncio.create_task(peer.close())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _slots(peer: Peer) -> Slots:
    return Slots({str(slot): person for slot, person in peer.slots.items()})
