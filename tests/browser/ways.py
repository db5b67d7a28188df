"""The ways between pages and servers, laid through relays of ours that can be cut: faults are made on the real path."""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp import web

_CANDIDATE = re.compile(r"^(a=candidate:\S+ \d+ udp \d+) (\S+) (\d+) typ host", re.MULTILINE)
_HOST = "127.0.0.1"
_CLOSE_WITHIN_S = 0.2
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
        is_lost = self.is_frozen or random.random() < self.detour.ways.loss
        if not is_lost and self.detour.listening is not None:
            self.detour.listening.sendto(data, self.client)


@dataclass(eq=False)
class Detour(asyncio.DatagramProtocol):
    """Stands in for one of the media server's UDP addresses."""

    ways: Ways
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
            self.ways.begin(self.ways.loop.create_datagram_endpoint(lambda: flow, remote_addr=self.target))
        flow.up(data)


@dataclass(eq=False)
class Line:
    """One page's WebSocket, or one TCP connection."""

    cut: Callable[[], Awaitable[object]]
    is_frozen: bool = False


class Ways:
    """All relays. Media takes the detour while `is_on`; of it, `loss` is the share that vanishes towards browsers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.loss = 0.0
        self.is_on = False
        self._detours: dict[Address, Detour] = {}
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ends: list[Callable[[], Awaitable[object]]] = []

    def to_room(self, port: int) -> int:
        """Open a way to the media server's WebSocket, and to whatever addresses it names; give the port."""
        return int(self._wait(self._open_room(port)))

    def to_web(self, port: int) -> int:
        """Open a way to the web; give the port."""
        return int(self._wait(self._open_web(port)))

    def freeze(self, *, media: bool = True, lines: bool = False) -> None:
        """Let what goes this way now lead nowhere; what begins from now on gets through. Nobody is told."""
        self._wait(self._freeze(media=media, lines=lines))

    def cut_lines(self) -> None:
        """Break every TCP connection."""
        self._wait(self._cut())

    def begin(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Do something besides."""
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Take everything down."""
        await self._cut()
        for end in self._ends:
            await end()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for detour in self._detours.values():
            for transport in (detour.listening, *(flow.transport for flow in detour.flows.values())):
                if transport is not None:
                    transport.close()
        await asyncio.sleep(_CLOSE_WITHIN_S)

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def _freeze(self, *, media: bool, lines: bool) -> None:
        for detour in self._detours.values() if media else ():
            for flow in detour.flows.values():
                flow.is_frozen = True
        for line in self._lines if lines else ():
            line.is_frozen = True

    async def _cut(self) -> None:
        await asyncio.gather(*(line.cut() for line in list(self._lines)), return_exceptions=True)

    async def _open_room(self, port: int) -> int:
        session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_get("/room", partial(self._carry_room, session, port))
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, _HOST, 0)
        await site.start()
        self._ends += [runner.cleanup, session.close]
        return int(runner.addresses[0][1])

    async def _carry_room(
        self, session: aiohttp.ClientSession, port: int, request: web.Request
    ) -> web.WebSocketResponse:
        headers, soon = {"Origin": request.headers.get("Origin", "")}, aiohttp.ClientWSTimeout(ws_close=_CLOSE_WITHIN_S)
        try:
            server = await session.ws_connect(
                f"ws://{_HOST}:{port}/room", headers=headers, max_msg_size=0, timeout=soon
            )
        except aiohttp.ClientError as error:
            raise web.HTTPBadGateway from error
        page = web.WebSocketResponse(max_msg_size=0, timeout=_CLOSE_WITHIN_S)
        await page.prepare(request)
        line = Line(lambda: asyncio.gather(page.close(), server.close()))
        self._lines.add(line)
        answers = self.loop.create_task(self._carry_answers(line, server, page))
        try:
            with suppress(ConnectionError):
                async for message in page:
                    if not line.is_frozen and not server.closed:
                        await server.send_str(message.data)
        finally:
            self._lines.discard(line)
            answers.cancel()
            await server.close()
        return page

    async def _carry_answers(
        self, line: Line, server: aiohttp.ClientWebSocketResponse, page: web.WebSocketResponse
    ) -> None:
        with suppress(ConnectionError):
            async for message in server:
                if not line.is_frozen:
                    await page.send_str(await self._detoured(message.data))
        if not line.is_frozen:
            await page.close()

    async def _detoured(self, text: str) -> str:
        message = json.loads(text)
        if not self.is_on or message["type"] != "answer":
            return text
        ports = {}
        for _, host, port in _CANDIDATE.findall(message["sdp"]):
            ports[host, port] = await self._detour((host, int(port)))
        put = lambda found: f"{found[1]} {_HOST} {ports[found[2], found[3]]} typ host"  # noqa: E731 -- said once
        return json.dumps(message | {"sdp": _CANDIDATE.sub(put, message["sdp"])})

    async def _detour(self, target: Address) -> int:
        detour = self._detours.get(target)
        if detour is None:
            detour = self._detours[target] = Detour(self, target)
            await self.loop.create_datagram_endpoint(lambda: detour, local_addr=(_HOST, 0))
        while detour.listening is None:
            await asyncio.sleep(0)
        return int(detour.listening.get_extra_info("sockname")[1])

    async def _open_web(self, port: int) -> int:
        server = await asyncio.start_server(lambda *streams: self._carry_web(port, *streams), _HOST, 0)
        self._ends.append(_closing(server))
        return int(server.sockets[0].getsockname()[1])

    async def _carry_web(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(_HOST, port)

        async def cut() -> None:
            writer.close()
            up_writer.close()

        line = Line(cut)
        self._lines.add(line)
        with suppress(ConnectionError):
            await asyncio.gather(_carry(line, reader, up_writer), _carry(line, up_reader, writer))
        await cut()
        self._lines.discard(line)


async def _carry(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        if not line.is_frozen:
            writer.write(data)
            await writer.drain()
    if not line.is_frozen:
        writer.close()


def _closing(server: asyncio.Server) -> Callable[[], Awaitable[object]]:
    async def close() -> None:
        server.close()

    return close


@contextmanager
def open_ways() -> Iterator[Ways]:
    """Run the relays in a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ways = Ways(loop)
    try:
        yield ways
    finally:
        asyncio.run_coroutine_threadsafe(ways.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
