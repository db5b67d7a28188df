"""Who is connected how: each person by one connection, and by two while a new one takes over from an old one."""

from collections.abc import Iterator

from video.media.peer import Peer

CONNECT_WITHIN_S = 30.0
OVERLAP_S = 5.0
_MOST = 2


class Connections:
    """The connections of every room. The others see a person by the newest one that packets flow through."""

    def __init__(self) -> None:
        self._rooms: dict[str, dict[str, list[Peer]]] = {}

    def __iter__(self) -> Iterator[tuple[str, Peer]]:
        """Give every connection with its room."""
        return iter([(uid, peer) for uid, people in self._rooms.items() for peers in people.values() for peer in peers])

    def __len__(self) -> int:
        """Count them."""
        return sum(len(peers) for people in self._rooms.values() for peers in people.values())

    def of(self, uid: str, person: str) -> list[Peer]:
        """Give a person's connections, the oldest first."""
        return list(self._rooms.get(uid, {}).get(person, ()))

    def newest(self, uid: str, person: str) -> Peer | None:
        """Give the connection that a person's page began last."""
        return next(reversed(self.of(uid, person)), None)

    def generation(self, uid: str, person: str, generation: int) -> Peer | None:
        """Find a living connection by its page's number."""
        found = (peer for peer in self.of(uid, person) if peer.generation == generation and not peer.is_dead)
        return next(found, None)

    def shown(self, uid: str) -> dict[str, Peer]:
        """Give the connection by which each person is seen and heard."""
        return {person: _shown(peers) for person, peers in self._rooms.get(uid, {}).items() if peers}

    def add(self, uid: str, peer: Peer) -> list[Peer]:
        """Take in a new connection beside the one that carries; give those that are in the way."""
        peers = self._rooms.setdefault(uid, {}).setdefault(peer.person, [])
        staying = [_shown(peers)] if peers and not _shown(peers).is_dead else []
        leaving = [each for each in peers if each not in staying or each.generation == peer.generation]
        staying = [each for each in staying if each not in leaving]
        if staying:
            peer.slots = dict(staying[0].slots)
        peers[:] = [*staying, peer][-_MOST:]
        return leaving

    def drop(self, uid: str, *, but: frozenset[str] = frozenset()) -> list[Peer]:
        """Take out everybody's connections in a room but some people's; give them."""
        people = self._rooms.get(uid, {})
        gone = [person for person in people if person not in but]
        dropped = [peer for person in gone for peer in people.pop(person)]
        if not people:
            self._rooms.pop(uid, None)
        return dropped

    def sweep(self, at: float, *, turn: int = 0, turns: int = 1) -> list[tuple[str, Peer]]:
        """Take out what is dead, what never came up, and what was replaced a while ago; give them with their rooms.

        In one of so many turns, a part of the rooms: asking a connection for its state takes a while.
        """
        swept = []
        for uid, people in list(self._rooms.items())[turn::turns]:
            for peers in people.values():
                over = [peer for peer in peers if _is_over(peer, peers, at)]
                peers[:] = [peer for peer in peers if peer not in over]
                swept += [(uid, peer) for peer in over]
        return swept


def _shown(peers: list[Peer]) -> Peer:
    return next((peer for peer in reversed(peers) if peer.is_connected), peers[0])


def _is_over(peer: Peer, peers: list[Peer], at: float) -> bool:
    newest = peers[-1]
    is_late = not peer.is_connected and at - peer.started_at > CONNECT_WITHIN_S
    is_replaced = newest is not peer and newest.connected_at is not None and at - newest.connected_at > OVERLAP_S
    return peer.is_dead or is_late or is_replaced
