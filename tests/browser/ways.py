"""The ways between pages and servers, laid through relays of ours that can be cut: faults are made on the real path."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web

from tests.browser.detours import Detours

_HOST = "127.0.0.1"
_CLOSE_WITHIN_S = 0.2


@dataclass(eq=False)
class Line:
    """One page's WebSocket, or one TCP connection."""

    cut: Callable[[], Awaitable[object]]
    is_frozen: bool = False


class Ways:
    """All relays. Media takes the detour while `is_on`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.is_on = False
        self.detours = Detours(loop)
        self._lines: set[Line] = set()
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

    async def close(self) -> None:
        """Take everything down."""
        await self._cut()
        for end in self._ends:
            await end()
        await self.detours.close()
        await asyncio.sleep(_CLOSE_WITHIN_S)

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def _freeze(self, *, media: bool, lines: bool) -> None:
        if media:
            self.detours.freeze()
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
        return json.dumps(message | {"sdp": await self.detours.lead(message["sdp"])})

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
