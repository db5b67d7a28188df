"""A media server told to stop hands its rooms to another, and nobody is said to have left."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.video.media_server import FakeWeb, awaited, media_server
from tests.video.scenes import ALICE, INES
from video.media.departures import GONE_WITHIN_S, Departures
from video.media.drain import drain
from video.media.server import HALL, WARDEN


@awaited
async def test_people_are_sent_over_and_the_server_waits_for_them(tmp_path: Path) -> None:
    house = FakeWeb(elsewhere=["room-1"])
    async with media_server(tmp_path, house) as media:
        ines, alice = await media.enter(INES), await media.enter(ALICE, admitted=True)
        await alice.hear("roomview", stage="in")
        await house.told("joined", "joined")
        stopping = asyncio.create_task(drain(media.app[HALL], media.app[WARDEN]))
        await ines.hear("relocate")
        await alice.hear("relocate")
        await alice.close()
        await ines.say("ping", stamp=1)
        await ines.hear("pong")
        assert not stopping.done()
        await ines.close()
        await stopping
        assert house.beats[-1]["draining"] is True
        assert [report["event"] for report in house.reports] == ["joined", "joined"]


@awaited
async def test_without_another_server_it_stops_at_once(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines = await media.enter(INES)
        await ines.hear("roomview")
        await drain(media.app[HALL], media.app[WARDEN])
        await ines.say("ping", stamp=1)
        await ines.hear("pong")


@awaited
async def test_a_room_that_comes_back_begins_anew(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        hall = media.app[HALL]
        ines = await media.enter(INES)
        await ines.hear("roomview")
        hall.hand_over(["room-1", "another"])
        await ines.hear("relocate")
        assert (hall.departing, hall.occupied) == (["room-1"], [])
        again = await media.enter(INES)
        await again.hear("roomview", stage="in")
        assert await ines.is_closed()
        assert (hall.departing, hall.occupied) == ([], ["room-1"])


def test_whoever_does_not_go_is_not_waited_for_forever() -> None:
    now = [10.0]
    departures = Departures(clock=lambda: now[0])
    assert departures.begin("room-1")
    assert not departures.begin("room-1")
    assert departures.overdue() == []
    now[0] += GONE_WITHIN_S
    assert departures.overdue() == ["room-1"]
    departures.end("room-1")
    assert "room-1" not in departures
