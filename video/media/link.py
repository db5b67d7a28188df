"""One WebSocket to one page: messages out in order, never waiting for a slow reader."""

import asyncio
import contextlib

from aiohttp import web

from video.signalling.outgoing import Outgoing, encode

_MOST_WAITING = 256


class Link:
    """The way to a page. `name` is the connection's own, unique in this process."""

    def __init__(self, name: str, socket: web.WebSocketResponse) -> None:
        self.name = name
        self.says_goodbye = False
        self._socket = socket
        self._waiting: asyncio.Queue[Outgoing | None] = asyncio.Queue(_MOST_WAITING)
        self._writer = asyncio.create_task(self._write())

    def send(self, message: Outgoing) -> None:
        """Put a message on its way; a page that reads nothing for long is hung up on."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._writer.cancel()

    def close(self, message: Outgoing) -> None:
        """Say a last word and hang up."""
        self.says_goodbye = True
        self.send(message)
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(None)

    async def end(self) -> None:
        """Wait until the last word is said, if there is one; then stop writing."""
        if self.says_goodbye:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._writer), timeout=2)
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer

    async def _write(self) -> None:
        try:
            while (message := await self._waiting.get()) is not None:
                await self._socket.send_str(encode(message))
        except ConnectionError:
            return
        finally:
            await self._socket.close()
