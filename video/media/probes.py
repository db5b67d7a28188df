"""Connections that only test the path to a page: packets come back as they came, for some seconds, in no room."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

from aiohttp import WSMsgType, web

from video import passes
from video.media.link import Link
from video.media.peer import Peer
from video.signalling.incoming import Probe
from video.signalling.outgoing import Answer, Refused

log = logging.getLogger(__name__)

MOST_AT_ONCE = 24
_ANSWER_WITHIN_S = 5.0
_LASTS_S = 15.0


class Probes:
    """Answers probes, each person's one at a time."""

    def __init__(self, key: str, make: Callable[[str], Peer], *, now: Callable[[], datetime]) -> None:
        self._key = key
        self._make = make
        self._now = now
        self._running: set[str] = set()

    async def serve(self, socket: web.WebSocketResponse, link: Link, probe: Probe) -> None:
        """Answer one page's probe and hold the connection until it has seen enough, or its time is up."""
        claims = passes.read(passes.PROBE, probe.token, self._key, now=self._now())
        if claims is None:
            link.close(Refused("token", "This test is no longer valid. Load the page again."))
        elif claims["person"] in self._running or len(self._running) >= MOST_AT_ONCE:
            link.close(Refused("busy", "Another test is running. Try again in a moment."))
        else:
            await self._hold(socket, link, claims["person"], probe.sdp)

    async def _hold(self, socket: web.WebSocketResponse, link: Link, person: str, sdp: str) -> None:
        self._running.add(person)
        peer = self._make(person)
        try:
            answer = await asyncio.wait_for(peer.answer(sdp), _ANSWER_WITHIN_S)
            link.send(Answer(answer, 0))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_end_of(socket), _LASTS_S)
        except Exception as error:  # noqa: BLE001 -- a stranger's SDP may break the parser in any way; only they notice
            log.info("A probe was refused: %r", error)
            link.close(Refused("malformed", "Your browser's test could not be read."))
        finally:
            self._running.discard(person)
            await peer.close()


async def _end_of(socket: web.WebSocketResponse) -> None:
    async for frame in socket:
        if frame.type is not WSMsgType.TEXT:
            return
