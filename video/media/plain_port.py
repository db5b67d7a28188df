"""The port where the system has no calls for many datagrams at once: the event loop's own, one packet at a time."""

import asyncio
import socket
from typing import Any

from video.media.datagrams import LONGEST, Outbox
from video.media.port import Port, written


class PlainPort(Port):
    """A port over an asyncio datagram transport; routing and forwarding are the same."""

    def __init__(self, bound: socket.socket) -> None:
        super().__init__(bound)
        self._transport: asyncio.DatagramTransport | None = None
        self.outbox = PlainOutbox(self)

    async def listen(self) -> None:
        """Begin to listen."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(self), sock=self.socket)

    def close(self) -> None:
        """Stop."""
        if self._transport is not None:
            self._transport.close()

    def target(self, address: tuple[str, int]) -> Any:
        """Give an address as the outbox wants it."""
        return _Target(address)

    def send_now(self, data: bytes, address: tuple[str, int]) -> None:
        """Send one packet."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, address)


class _Target:
    def __init__(self, address: tuple[str, int]) -> None:
        self.pointer = address


class PlainOutbox(Outbox):
    """An outbox that is emptied packet by packet."""

    def __init__(self, port: PlainPort) -> None:
        super().__init__(16)
        self.names = [None] * (8 * len(self.views))
        self._port = port

    def send(self, descriptor: int) -> None:
        """Send everything."""
        for place in range(self.count):
            data = bytes(self.views[place][: self.lengths[2 * place + 1]])
            self._port.send_now(data, self.names[8 * place])
        self.count = 0


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, port: PlainPort) -> None:
        self._port = port

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if 0 < len(data) <= LONGEST:
            self._port.inbox.put(data, written((addr[0], addr[1])))
            self._port.take(1)
