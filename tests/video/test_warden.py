"""A session that is called off while people are in it ends for them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.video.scenes import CLOSES, ENDS, KEY, NOON, OPENS, SERVER, a_token
from video.media.warden import Warden
from video.reporting import SIGNATURE_HEADER, beat_in
from video.rooms import entering, state
from video.rooms.state import Room, Step

QUARTER = timedelta(minutes=15)


class FakeHall:
    """One room with Alice in it."""

    def __init__(self) -> None:
        token = a_token()
        self.given_away: tuple[str, ...] = ()
        self.held = entering.arrive(state.room_for(token, now=NOON), token, "alice", now=NOON).room

    @property
    def occupied(self) -> list[str]:
        return [self.held.uid] if self.held.seats else []

    def now(self) -> datetime:
        return NOON

    @property
    def counts(self) -> dict[str, int]:
        return {"people": len(self.held.seats)}

    def hand_over(self, uids: tuple[str, ...]) -> None:
        self.given_away = uids

    def room(self, uid: str) -> Room | None:
        return self.held if uid == self.held.uid else None

    def perform(self, step: Step) -> None:
        self.held = step.room


def gone_round(status: int, **answer: object) -> FakeHall:
    """Let the warden tell a web that answers so."""
    hall, heard = FakeHall(), []
    answer = {"elsewhere": [], "shut": [], "out": {}, "hours": {}} | answer

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        heard.append(beat_in(body, request.headers[SIGNATURE_HEADER], KEY, now=datetime.now(UTC)))
        return web.Response(status=status, text=json.dumps(answer), content_type="application/json")

    async def go() -> None:
        site = web.Application()
        site.router.add_post("/internal/media/beats", take)
        async with TestServer(site) as server, Warden.session() as session:
            url = str(server.make_url("/internal/media/reports"))
            warden = Warden(hall, url, KEY, url=SERVER, life="s1")  # type: ignore[arg-type]  # all it asks of a hall
            await warden.go_round(session)

    asyncio.run(go())
    (beat,) = heard
    assert (beat.url, beat.life, beat.rooms, beat.people, beat.draining) == (SERVER, "s1", ["room-1"], 1, False)
    return hall


def test_a_room_that_was_called_off_is_emptied() -> None:
    assert gone_round(200, shut=["room-1", "another"]).occupied == []


def test_whoever_lost_their_place_is_shown_out() -> None:
    hall = gone_round(200, out={"room-1": [a_token().person], "another": ["7"]})
    assert hall.occupied == []
    assert not hall.held.ended


def test_rooms_that_live_elsewhere_are_handed_over() -> None:
    assert gone_round(200, elsewhere=["room-1"]).given_away == ("room-1",)
    assert gone_round(503, elsewhere=["room-1"]).given_away == ()


def test_the_room_follows_its_appointment() -> None:
    moved = [at.timestamp() for at in (OPENS, ENDS + QUARTER, CLOSES + QUARTER)]
    assert gone_round(200, hours={"room-1": moved, "another": moved}).held.closes_at == CLOSES + QUARTER
    away = [(at + timedelta(days=1)).timestamp() for at in (OPENS, ENDS, CLOSES)]
    assert gone_round(200, hours={"room-1": away}).held.closes_at == CLOSES


@pytest.mark.parametrize(
    "answer",
    [{}, {"shut": None}, {"out": {"room-1": 7}}, {"out": ["room-1"]}, {"hours": {"room-1": [1]}}, {"elsewhere": 7}],
)
def test_everybody_stays_while_the_web_does_not_answer(answer: dict[str, object]) -> None:
    assert gone_round(503, **answer).occupied == ["room-1"]
    assert gone_round(200, **answer).occupied == ["room-1"]
