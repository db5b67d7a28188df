"""The media server's connections, against another WebRTC stack: aiortc's own client end, in this very process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from av import VideoFrame

from tests.video.media_server import Media, Page, awaited, media_server
from tests.video.scenes import ALICE, INES
from video.media.server import HALL


class GreyPicture(VideoStreamTrack):
    """A small camera that shows one shade of grey."""

    def __init__(self, shade: int) -> None:
        super().__init__()
        self._shade = shade

    async def recv(self) -> VideoFrame:
        """Give the next frame."""
        timestamp, base = await self.next_timestamp()
        frame = VideoFrame(64, 48, "yuv420p")
        for plane, value in zip(frame.planes, (self._shade, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = timestamp, base
        return frame


class Browser:
    """What a page does with WebRTC, done by aiortc."""

    def __init__(self, page: Page, shade: int) -> None:
        self.page = page
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.connection.addTransceiver("audio")
        self.camera = self.connection.addTransceiver(GreyPicture(shade))
        self.connection.addTransceiver("video")
        self.heartbeat: RTCDataChannel = self.connection.createDataChannel("heartbeat", ordered=False, maxRetransmits=0)

    async def connect(self, generation: int = 1) -> None:
        """Offer, and take the answer."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        sdp = self.connection.localDescription.sdp
        await self.page.say("offer", sdp=sdp, number=generation, generation=generation)
        answer = await self.page.hear("answer", number=generation)
        await self.connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))

    async def sees(self) -> int:
        """Wait for a decoded picture; give its shade."""
        frame = await asyncio.wait_for(self.camera.receiver.track.recv(), 30)
        assert isinstance(frame, VideoFrame)
        return int(frame.to_ndarray(format="gray").mean())


@asynccontextmanager
async def two_browsers(media: Media) -> AsyncIterator[tuple[Browser, Browser]]:
    """Seat Ines and Alice and connect both."""
    ines = Browser(await media.enter(INES), 60)
    alice = Browser(await media.enter(ALICE, admitted=True), 180)
    try:
        for browser in (ines, alice):
            await browser.page.hear("roomview", stage="in")
            await browser.connect()
        yield ines, alice
    finally:
        await asyncio.gather(ines.connection.close(), alice.connection.close())


@pytest.mark.parametrize("plain", [False, True], ids=["batches", "one by one"])
@awaited
async def test_each_decodes_the_others_picture(tmp_path: Path, plain: bool) -> None:
    async with media_server(tmp_path, plain=plain) as media, two_browsers(media) as (ines, alice):
        assert abs(await ines.sees() - 180) < 12
        assert abs(await alice.sees() - 60) < 12
        hall = media.app[HALL]
        assert hall.counts["connections"] == 2
        rounds = [[person for _, person, _ in hall.board.qualities(turn=turn, turns=600)] for turn in range(600)]
        assert sorted(map(len, rounds))[-3:] == [0, 1, 1]
        assert sorted(person for people in rounds for person in people) == sorted([ALICE, INES])


@awaited
async def test_heartbeats_come_back(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, _):
        heard: asyncio.Queue[str] = asyncio.Queue()
        ines.heartbeat.on("message", heard.put_nowait)
        while ines.heartbeat.readyState != "open":
            await asyncio.sleep(0.02)
        ines.heartbeat.send("x" * 200)
        ines.heartbeat.send("12.5")
        assert await asyncio.wait_for(heard.get(), 30) == "12.5 0.000 0"


@awaited
async def test_a_new_connection_takes_the_place_of_the_old(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, alice):
        await ines.sees()
        again = Browser(alice.page, 110)
        try:
            await again.connect(generation=2)
            assert abs(await again.sees() - 60) < 12
            async with asyncio.timeout(30):
                while abs(await ines.sees() - 110) > 12:
                    pass
        finally:
            await again.connection.close()


@awaited
async def test_a_lost_line_leaves_the_picture(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, alice):
        await ines.sees()
        await alice.page.close()
        for _ in range(10):
            await ines.sees()
        back = await media.enter(ALICE)
        assert (await back.hear("welcome"))["generation"] == 1
        assert (await back.hear("slots"))["slots"] == {"0": INES}


@awaited
async def test_whoever_leaves_is_seen_no_more(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, alice):
        await ines.sees()
        await alice.page.say("leave")
        assert (await ines.page.hear("slots", slots={}))["slots"] == {}
        await media.web.told("joined", "joined", "left")
        left = media.web.reports[-1]["detail"]
        assert left["reason"] == "left"
        assert {"seconds", "round_trip_ms", "lost_percent", "kilobits"} <= set(left)
