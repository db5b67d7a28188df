"""Testing the path before a session: packets go to the media server and back, in no room."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from tests.video.media_server import Page, awaited, media_server
from tests.video.scenes import KEY
from video import passes

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def a_pass(person: str = "7", *, key: str = KEY, purpose: str = passes.PROBE, seconds: int = 60) -> str:
    return passes.sign(purpose, {"person": person}, key, until=datetime.now(UTC) + timedelta(seconds=seconds))


async def an_offer(*kinds: str) -> RTCPeerConnection:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
    for kind in kinds:
        connection.addTransceiver(kind)
    connection.createDataChannel("probe", ordered=False, maxRetransmits=0)
    await connection.setLocalDescription(await connection.createOffer())
    return connection


async def asked(page: Page, connection: RTCPeerConnection, token: str) -> None:
    await page.say("probe", token=token, sdp=connection.localDescription.sdp)


@awaited
async def test_packets_come_back_as_they_went(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        for kind in ("audio", "video", "video"):
            connection.addTransceiver(kind)
        packets = connection.createDataChannel("probe", ordered=False, maxRetransmits=0)
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        packets.on("message", heard.put_nowait)
        packets.on("open", lambda: [packets.send(b"x" * size) for size in (1201, 1200)])
        await connection.setLocalDescription(await connection.createOffer())
        page = await media.page()
        await asked(page, connection, a_pass())
        answer = await page.hear("answer")
        await connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        async with asyncio.timeout(20):
            assert len(await heard.get()) == 1200
        await page.close()
        await connection.close()


@pytest.mark.parametrize(
    "token",
    [
        lambda: "nonsense",
        lambda: "ü.ü",
        lambda: "",
        lambda: a_pass(key="another key"),
        lambda: a_pass(purpose="something else"),
        lambda: a_pass(seconds=-1),
    ],
    ids=["nonsense", "letters", "empty", "forged", "another purpose", "expired"],
)
@awaited
async def test_a_pass_that_allows_nothing_is_refused_in_words(tmp_path: Path, token: object) -> None:
    async with media_server(tmp_path) as media:
        page = await media.page()
        await page.say("probe", token=token(), sdp="v=0")  # type: ignore[operator]  # the table holds functions
        assert (await page.hear("refused"))["code"] in ("token", "malformed")
        assert await page.is_closed()


@awaited
async def test_one_person_tests_once_at_a_time(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        connection = await an_offer("audio", "video", "video")
        first, second = await media.page(), await media.page()
        await asked(first, connection, a_pass())
        await first.hear("answer")
        await asked(second, connection, a_pass())
        assert (await second.hear("refused"))["code"] == "busy"
        await connection.close()


@awaited
async def test_an_offer_that_is_none_of_ours_ends_the_test_only(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        page = await media.page()
        await page.say("probe", token=a_pass(), sdp="v=0\r\nm=audio 9 nonsense")
        assert (await page.hear("refused"))["code"] == "malformed"
        connection = await an_offer("audio", "video", "video")
        again = await media.page()
        await asked(again, connection, a_pass())
        await again.hear("answer")
        await connection.close()


def test_a_pass_holds_for_its_purpose_and_time() -> None:
    token = passes.sign("probe", {"person": "7"}, KEY, until=NOON)
    assert passes.read("probe", token, KEY, now=NOON - timedelta(seconds=1)) == {"person": "7"}
    assert passes.read("probe", token, KEY, now=NOON) is None
    assert passes.read("other", token, KEY, now=NOON - timedelta(seconds=1)) is None
