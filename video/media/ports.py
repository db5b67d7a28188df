"""The UDP ports of this process: one number on each of the machine's addresses, for everybody who is connected."""

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from aioice.candidate import Candidate, candidate_foundation, candidate_priority
from aioice.ice import Connection, StunProtocol

from video.media import datagrams
from video.media.nonstop import Loop
from video.media.plain_port import PlainPort
from video.media.port import Port, bound

if TYPE_CHECKING:
    from video.media.lane import Lane

log = logging.getLogger(__name__)


class Ports:
    """Opens a port on an address when the first connection wants it. `number` 0 is any that is free."""

    def __init__(self, number: int = 0, *, plain: bool = False, loop: Loop | None = None) -> None:
        self._number = number
        self._is_plain = plain or not datagrams.is_supported()
        self._loop = loop
        self._open: dict[str, Port] = {}
        self._opening = asyncio.Lock()

    @property
    def description(self) -> str:
        """Say how packets are read and written, for the log."""
        if self._is_plain:
            return "one packet at a time: this system has no recvmmsg and sendmmsg"
        carried = "in Python" if self._loop is None else "by the compiled loop"
        return f"up to {datagrams.BATCH} packets at a time, with recvmmsg and sendmmsg, and carried {carried}"

    def serve(self, connection: Connection, lane: "Lane") -> None:
        """Let a connection use our ports in place of sockets of its own, and its media the lane."""
        connection.get_component_candidates = partial(self._gather, connection, lane)  # type: ignore[method-assign]

    def close(self) -> None:
        """Close every port."""
        for port in self._open.values():
            port.close()
        self._open.clear()

    async def _gather(
        self, connection: Connection, lane: "Lane", component: int, addresses: list[str], timeout: int = 5
    ) -> list[Candidate]:
        candidates = []
        for address in addresses:
            try:
                port = await self._at(address)
            except OSError as error:
                log.warning("No media on %s: %s", address, error)
                continue
            protocol = StunProtocol(connection)
            protocol.connection_made(PortTransport(port, protocol, lane))  # type: ignore[arg-type]  # looks like one
            protocol.local_candidate = _candidate(port, component)
            connection._protocols.append(protocol)
            port.add(protocol)
            candidates.append(protocol.local_candidate)
        return candidates

    async def _at(self, address: str) -> Port:
        async with self._opening:
            if address not in self._open:
                made = bound(address, self._number)
                port = PlainPort(made) if self._is_plain else Port(made, self._loop)
                await port.listen()
                self._number = self._number or port.number
                self._open[address] = port
            return self._open[address]


class PortTransport:
    """What aioice takes for a datagram transport of its own: one connection's share of a port."""

    def __init__(self, port: Port, protocol: StunProtocol, lane: "Lane") -> None:
        self.port = port
        self.lane = lane
        self._protocol = protocol
        self._is_closed = False

    def sendto(self, data: bytes, address: tuple[str, int]) -> None:
        """Send a packet of ICE or DTLS."""
        if not self._is_closed:
            self.port.send_now(data, address)

    def renamed(self, _: str, name: str) -> None:
        """Let the connection be found by its new ICE user name too."""
        self.port.rename(self._protocol, name)

    def close(self) -> None:
        """Give the share back."""
        if not self._is_closed:
            self._is_closed = True
            self.port.remove(self._protocol)
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, None)

    def is_closing(self) -> bool:
        """Whether it was given back."""
        return self._is_closed

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Tell the address that is shared."""
        return {"sockname": (self.port.host, self.port.number), "socket": self.port.socket}.get(name, default)


def _candidate(port: Port, component: int) -> Candidate:
    return Candidate(
        foundation=candidate_foundation("host", "udp", port.host),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "host"),
        host=port.host,
        port=port.number,
        type="host",
    )
