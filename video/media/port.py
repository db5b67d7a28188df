"""One UDP socket that everybody's packets come to: ICE and DTLS go to their connection, media to its lane."""

import asyncio
import logging
import socket
import struct
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aioice import stun
from aioice.ice import StunProtocol

from video.media.datagrams import BATCH, Address, Inbox, Outbox
from video.media.nonstop import Loop
from video.media.track import Table

if TYPE_CHECKING:
    from video.media.lane import Lane

log = logging.getLogger(__name__)

_ROUNDS = 4  # and then the event loop's other work has its turn
_LOOK_AGAIN_S = 0.02
_MOST_ADDRESSES = 16
_REQUEST = 0x0001
_BUFFER_BYTES = 8 << 20
_RCVBUFFORCE, _SNDBUFFORCE = 33, 32

Key = int | bytes


class Port:
    """A bound socket, read and written many packets at a time. `number` is its UDP port."""

    def __init__(self, bound: socket.socket, loop: Loop | None = None) -> None:
        self.socket = bound
        self.host, self.number = bound.getsockname()[:2]
        self._is_v4 = bound.family is socket.AF_INET
        length = 16 if self._is_v4 else 28
        self.inbox, self.outbox = Inbox(length), Outbox(length)
        self.is_busy = False
        self._key_length = 8 if self._is_v4 else 28
        self.table: Table | None = None
        if loop is not None:
            self.table = Table(loop, bound.fileno(), self.inbox, self.outbox, key_length=self._key_length)
        self._protocols: set[StunProtocol] = set()
        self._by_name: dict[str, StunProtocol] = {}
        self._by_key: dict[Key, StunProtocol] = {}
        self._lanes: dict[Key, Lane] = {}
        self._looked_at = 0.0

    async def listen(self) -> None:
        """Begin to listen."""
        asyncio.get_running_loop().add_reader(self.socket.fileno(), self._drain)

    def close(self) -> None:
        """Stop."""
        if self.socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self.socket.fileno())
            self.socket.close()

    def target(self, address: tuple[str, int]) -> Address:
        """Give an address as the outbox wants it."""
        return Address(written(address))

    def flush(self) -> None:
        """Send what waits."""
        if self.outbox.count:
            self.outbox.send(self.socket.fileno())

    def send_now(self, data: bytes, address: tuple[str, int]) -> None:
        """Send a packet of ICE or DTLS."""
        try:
            self.socket.sendto(data, address)
        except OSError as error:  # no room, or an address that cannot be reached from here: lost, as on any network
            log.debug("Could not send to %s: %s", address, error)

    def add(self, protocol: StunProtocol) -> None:
        """Let a connection be found by its ICE user name."""
        self._protocols.add(protocol)
        self.rename(protocol, protocol.receiver.local_username)

    def rename(self, protocol: StunProtocol, name: str) -> None:
        """Let a connection be found by another name too, as after an ICE restart."""
        self._by_name[name] = protocol

    def remove(self, protocol: StunProtocol) -> None:
        """Forget a connection."""
        self._protocols.discard(protocol)
        self._by_name = {name: each for name, each in self._by_name.items() if each is not protocol}
        for key in [key for key, each in self._by_key.items() if each is protocol]:
            self._forget(key)

    def _drain(self) -> None:
        for _ in range(_ROUNDS):
            count = self.inbox.receive(self.socket.fileno())
            if count <= 0:
                return
            self.take(count)
            if count < BATCH:
                return

    def take(self, count: int) -> None:
        """Act on the packets in the inbox, which came just now."""
        self.take_at(count, time.monotonic(), int(time.time() * 262144) & 0xFFFFFF)

    def take_at(self, count: int, at: float, stamp: int) -> None:
        """Act on packets that came then; what they cause to be sent goes out together, its send time as `stamp`."""
        self.inbox.stamp = stamp.to_bytes(3, "big")
        self.is_busy = True
        try:
            if self.table is None:
                self._look_at(range(count), at)
            else:
                left, due = self.table.take(count, at, stamp)
                self._look_at(left, at)
                for place in due:
                    if (lane := self._lanes.get(self._key(place))) is not None:
                        lane.tell(at)
        finally:
            self.is_busy = False
            self.flush()

    def _look_at(self, places: Iterable[int], at: float) -> None:
        views, keys, lanes, inbox = self.inbox.views, self.inbox.keys, self._lanes, self.inbox
        for place in places:
            view = views[place]
            key: Key = keys[4 * place] if self._is_v4 else self._long_key(place)
            lane = lanes.get(key)
            if lane is None or not 127 < view[0] < 192:
                self._take_control(place, key, at)
            elif (carried := lane.take(inbox, place, view, at)) is not None and self.table is not None:
                self.table.enlist(self._name(place), carried.embark(self.table.loop, lane))

    def _key(self, place: int) -> Key:
        return self.inbox.keys[4 * place] if self._is_v4 else self._long_key(place)

    def _name(self, place: int) -> bytes:
        return bytes(self.inbox.names[32 * place : 32 * place + self._key_length])

    def _long_key(self, place: int) -> Key:
        return bytes(self.inbox.names[32 * place : 32 * place + 28])

    def _take_control(self, place: int, key: Key, at: float) -> None:
        data = bytes(self.inbox.views[place][: self.inbox.length(place)])
        if not data or data[0] > 63:
            return
        protocol = self._by_key.get(key)
        if data[0] < 4:
            if (named := _named(data)) is not None and (protocol is None or named != protocol.receiver.local_username):
                protocol = self._known(named, data, key, at) or protocol
            if protocol is not None:
                self._pass_on(protocol, data, key, place)
        elif protocol is not None:
            protocol.receiver.data_received(data, protocol.local_candidate.component)

    def _pass_on(self, protocol: StunProtocol, data: bytes, key: Key, place: int) -> None:
        try:
            protocol.datagram_received(data, self._address(place))
        except Exception as error:  # noqa: BLE001 -- a stranger's bytes may break the parser in any way
            log.debug("A check could not be read: %r", error)
            return
        if (lane := self._lanes.get(key)) is not None:  # nominated by a task that this woke
            asyncio.get_running_loop().call_soon(lane.follow)

    def _address(self, place: int) -> tuple[str, int]:
        """Tell where a packet came from."""
        name = bytes(self.inbox.names[32 * place : 32 * place + 28])
        number = int.from_bytes(name[2:4], "big")
        host = name[4:8] if self._is_v4 else name[8:24]
        return socket.inet_ntop(self.socket.family, host), number

    def _known(self, name: str, data: bytes, key: Key, at: float) -> StunProtocol | None:
        """Find a connection by the name in a check, and keep its sender's address if the check is really for it."""
        protocol = self._by_name.get(name)
        if protocol is None and at - self._looked_at >= _LOOK_AGAIN_S:
            self._looked_at = at
            protocol = next((each for each in self._protocols if each.receiver.local_username == name), None)
        if protocol is None or not _is_signed(data, protocol.receiver.local_password):
            return None
        self._remember(key, protocol)
        return protocol

    def _remember(self, key: Key, protocol: StunProtocol) -> None:
        theirs = [known for known, each in self._by_key.items() if each is protocol]
        if len(theirs) >= _MOST_ADDRESSES:
            self._forget(theirs[0])
        self._forget(key)
        self._by_key[key] = protocol
        self._lanes[key] = protocol.transport.lane  # type: ignore[attr-defined]  # the transport is ours

    def _forget(self, key: Key) -> None:
        if self._by_key.pop(key, None) is None:
            return
        del self._lanes[key]
        if self.table is not None:
            self.table.forget(key.to_bytes(8, sys.byteorder) if isinstance(key, int) else key)


def bound(host: str, number: int) -> socket.socket:
    """Bind a UDP socket with room for bursts; port 0 is any. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    made.setblocking(False)
    for forced, usual in ((_RCVBUFFORCE, socket.SO_RCVBUF), (_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            made.setsockopt(socket.SOL_SOCKET, forced, _BUFFER_BYTES)
        except OSError:
            made.setsockopt(socket.SOL_SOCKET, usual, _BUFFER_BYTES)
    try:
        made.bind((host, number))
    except OSError:
        made.close()
        raise
    return made


def written(address: tuple[str, int]) -> bytes:
    """Write an address as the system's sockaddr."""
    host, number = address
    if ":" in host:
        family = socket.AF_INET6
        return struct.pack("<H", family) + struct.pack("!HI", number, 0) + socket.inet_pton(family, host) + bytes(4)
    return struct.pack("<H", socket.AF_INET) + struct.pack("!H", number) + socket.inet_aton(host) + bytes(8)


def _named(data: bytes) -> str | None:
    """Give our user name in a STUN request (RFC 8445 section 7.2.2), or None when there is none."""
    if len(data) < 20 or int.from_bytes(data[:2], "big") != _REQUEST:
        return None
    at = 20
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("!HH", data, at)
        if kind == 0x0006:
            return data[at + 4 : at + 4 + length].partition(b":")[0].decode("ascii", "replace")
        at += 4 + length + -length % 4
    return None


def _is_signed(data: bytes, password: str) -> bool:
    try:
        return bool(stun.parse_message(data).check_message_integrity(password.encode()))
    except (ValueError, KeyError, struct.error):
        return False
