"""A stand-in for the media server's UDP addresses, so that what goes to and fro can be lost or led nowhere."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, cast

_CANDIDATE = re.compile(r"^(a=candidate:\S+ \d+ udp \d+) (\S+) (\d+) typ host", re.MULTILINE)
_HOST = "127.0.0.1"
Address = tuple[str, int]


@dataclass(eq=False)
class Flow(asyncio.DatagramProtocol):
    """One browser's socket on its way to one of the media server's."""

    detour: Detour
    client: Address
    is_frozen: bool = False
    transport: asyncio.DatagramTransport | None = None
    waiting: list[bytes] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send on what came meanwhile."""
        self.transport = cast("asyncio.DatagramTransport", transport)
        for data in self.waiting:
            self.transport.sendto(data)

    def up(self, data: bytes) -> None:
        """Carry a packet to the server."""
        if self.is_frozen:
            return
        if self.transport is None:
            self.waiting.append(data)
        else:
            self.transport.sendto(data)

    def datagram_received(self, data: bytes, _: Address) -> None:
        """Carry a packet to the browser."""
        is_lost = self.is_frozen or random.random() < self.detour.all.loss
        if not is_lost and self.detour.listening is not None:
            self.detour.listening.sendto(data, self.client)


@dataclass(eq=False)
class Detour(asyncio.DatagramProtocol):
    """Stands in for one of the media server's UDP addresses."""

    all: Detours
    target: Address
    flows: dict[Address, Flow] = field(default_factory=dict)
    listening: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Listen."""
        self.listening = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, client: Address) -> None:
        """Take a packet from a browser; one from a new socket begins a new flow."""
        flow = self.flows.get(client)
        if flow is None:
            flow = self.flows[client] = Flow(self, client)
            self.all.begin(self.all.loop.create_datagram_endpoint(lambda: flow, remote_addr=self.target))
        flow.up(data)


class Detours:
    """All of them. `loss` is the share of what goes towards browsers that vanishes, 0 to 1."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.loss = 0.0
        self._by_target: dict[Address, Detour] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def lead(self, sdp: str) -> str:
        """Put our addresses where an answer names the server's."""
        ports = {}
        for _, host, port in _CANDIDATE.findall(sdp):
            ports[host, port] = await self._around((host, int(port)))
        put = lambda found: f"{found[1]} {_HOST} {ports[found[2], found[3]]} typ host"  # noqa: E731 -- said once
        return _CANDIDATE.sub(put, sdp)

    def freeze(self) -> None:
        """Let what goes this way now lead nowhere."""
        for detour in self._by_target.values():
            for flow in detour.flows.values():
                flow.is_frozen = True

    def begin(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Do something besides."""
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Take everything down."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for detour in self._by_target.values():
            for transport in (detour.listening, *(flow.transport for flow in detour.flows.values())):
                if transport is not None:
                    transport.close()

    async def _around(self, target: Address) -> int:
        detour = self._by_target.get(target)
        if detour is None:
            detour = self._by_target[target] = Detour(self, target)
            await self.loop.create_datagram_endpoint(lambda: detour, local_addr=(_HOST, 0))
        while detour.listening is None:
            await asyncio.sleep(0)
        return int(detour.listening.get_extra_info("sockname")[1])
