"""A session that is called off while people are in it ends for them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.video.scenes import KEY, NOON, a_token
from video.media.warden import Warden
from video.reporting import SIGNATURE_HEADER, rooms_in
from video.rooms import entering, state
from video.rooms.state import Room, Step


class FakeHall:
    """One room with Alice in it."""

    def __init__(self) -> None:
        token = a_token()
        self.held = entering.arrive(state.room_for(token), token, "alice", now=NOON).room

    @property
    def occupied(self) -> list[str]:
        return [self.held.uid] if self.held.seats else []

    def now(self) -> datetime:
        return NOON

    def room(self, uid: str) -> Room | None:
        return self.held if uid == self.held.uid else None

    def perform(self, step: Step) -> None:
        self.held = step.room


def gone_round(status: int, shut: object, out: object = None) -> FakeHall:
    """Let the warden ask a web that answers so."""
    hall, asked = FakeHall(), []

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        asked.append(rooms_in(body, request.headers[SIGNATURE_HEADER], KEY, now=datetime.now(UTC)))
        return web.Response(
            status=status, text=json.dumps({"shut": shut, "out": out or {}}), content_type="application/json"
        )

    async def go() -> None:
        site = web.Application()
        site.router.add_post("/internal/media/rooms", answer)
        async with TestServer(site) as server, aiohttp.ClientSession() as session:
            warden = Warden(hall, str(server.make_url("/internal/media/reports")), KEY)  # type: ignore[arg-type]
            await warden.go_round(session)

    asyncio.run(go())
    assert asked == [["room-1"]]
    return hall


def test_a_room_that_was_called_off_is_emptied() -> None:
    assert gone_round(200, ["room-1", "another"]).occupied == []


def test_whoever_lost_their_place_is_shown_out() -> None:
    hall = gone_round(200, [], {"room-1": [a_token().person], "another": ["7"]})
    assert hall.occupied == []
    assert not hall.held.ended


def test_everybody_stays_while_the_web_does_not_answer() -> None:
    assert gone_round(503, []).occupied == ["room-1"]
    assert gone_round(200, None).occupied == ["room-1"]
    assert gone_round(200, []).occupied == ["room-1"]
    assert gone_round(200, [], {"room-1": 7}).occupied == ["room-1"]
    assert gone_round(200, [], ["room-1"]).occupied == ["room-1"]
