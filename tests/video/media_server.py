"""A real media server on a free port, pages that speak its WebSocket, and a web that takes its reports."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from practice.core.settings import Settings
from tests.video.scenes import ALICE, KEY, a_token
from video import tokens
from video.media.server import application
from video.reporting import SIGNATURE_HEADER, read

ORIGIN = "http://127.0.0.1:8000"
TURNS_TO_CLOSE = 5
"""Turns of the event loop: a transport closes its socket in the turn after it was told to."""


def awaited(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test that awaits, and see the sockets it closed really close."""

    async def whole(coroutine: Coroutine[Any, Any, None]) -> None:
        async with asyncio.timeout(60):
            await coroutine
        for _ in range(TURNS_TO_CLOSE):
            await asyncio.sleep(0)

    @wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        asyncio.run(whole(test(*arguments, **named)))

    return run


class Page:
    """One page's WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, type_: str, **fields: object) -> None:
        """Send a message."""
        await self._socket.send_str(json.dumps({"type": type_, **fields}))

    async def send(self, frame: str) -> None:
        """Send whatever one likes."""
        await self._socket.send_str(frame)

    async def hear(self, type_: str, **fields: object) -> dict[str, Any]:
        """Wait for a message of a type with these fields, passing over others."""
        before = "nothing"
        while True:
            frame = await self._socket.receive(timeout=30)
            assert frame.type is aiohttp.WSMsgType.TEXT, f"{before}, but no {type_} came before {frame}"
            before = frame.data
            message: dict[str, Any] = json.loads(frame.data)
            if message["type"] == type_ and all(message[name] == value for name, value in fields.items()):
                return message

    async def first(self) -> dict[str, Any]:
        """Wait for the next message, whatever it is."""
        message: dict[str, Any] = await self._socket.receive_json(timeout=30)
        return message

    async def is_closed(self) -> bool:
        """Wait for the end."""
        while (await self._socket.receive(timeout=30)).type is aiohttp.WSMsgType.TEXT:
            pass
        return True

    async def close(self) -> None:
        """Drop the line."""
        await self._socket.close()


@dataclass
class FakeWeb:
    """Takes reports as the web does, or refuses them while it is down."""

    reports: list[dict[str, Any]] = field(default_factory=list)
    refusals: int = 0
    url: str = ""
    elsewhere: list[str] = field(default_factory=list)
    """Rooms that another server takes when this one is told to stop."""
    beats: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Check the signature and keep the reports."""
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        body = await request.read()
        read(body, request.headers[SIGNATURE_HEADER], KEY, now=datetime.now(UTC))
        self.reports += json.loads(body)["reports"]
        return web.Response(status=204)

    async def hear(self, request: web.Request) -> web.Response:
        """Note that the server lives."""
        self.beats.append(json.loads(await request.read()))
        elsewhere = self.elsewhere if self.beats[-1]["draining"] else []
        return web.json_response({"elsewhere": elsewhere, "shut": [], "out": {}, "hours": {}})

    async def told(self, *events: str) -> None:
        """Wait until exactly these events were reported, in this order."""
        async with asyncio.timeout(5):
            while [report["event"] for report in self.reports][: len(events)] != list(events):
                await asyncio.sleep(0.02)


class Media:
    """The media server and ways to visit it."""

    def __init__(self, server: TestServer, session: aiohttp.ClientSession, web_: FakeWeb, app: web.Application) -> None:
        self.app = app
        self.server = server
        self.session = session
        self.web = web_

    async def page(self, *, origin: str = ORIGIN) -> Page:
        """Open a WebSocket."""
        socket = await self.session.ws_connect(self.server.make_url("/room"), headers={"Origin": origin})
        return Page(socket)

    async def enter(self, person: str = ALICE, **changes: object) -> Page:
        """Open a WebSocket and send a good token."""
        page = await self.page()
        await page.say("join", token=fresh_token(person, **changes))
        return page


def fresh_token(person: str = ALICE, *, key: str = KEY, **changes: object) -> str:
    """Sign a token for a room that is open now."""
    now = datetime.now(UTC)
    usual = {
        "opens_at": now - timedelta(minutes=1),
        "ends_at": now + timedelta(minutes=50),
        "closes_at": now + timedelta(minutes=80),
        "now": now,
    }
    return tokens.sign(a_token(person, **(usual | changes)), key)


@asynccontextmanager
async def media_server(var: Path, web_: FakeWeb | None = None, *, plain: bool = False) -> AsyncIterator[Media]:
    """Run the media server for as long as needed."""
    web_ = web_ or FakeWeb()
    takes = web.Application()
    takes.router.add_post("/internal/media/reports", web_.take)
    takes.router.add_post("/internal/media/beats", web_.hear)
    async with TestServer(takes) as house:
        settings = Settings(
            environment="test",
            base_url=ORIGIN,
            media_report_url=str(house.make_url("/")),
            media_key=KEY,
            media_plain=plain,
            var_dir=var,
        )
        app = application(settings)
        async with TestServer(app) as server, aiohttp.ClientSession() as session:
            yield Media(server, session, web_, app)
