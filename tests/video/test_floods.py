"""What a flood, a fuzzed offer or junk on the wire does to a room in progress: nothing."""

from __future__ import annotations

import asyncio
import random
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.video.media_server import ORIGIN, Media, Page, awaited, fresh_token, media_server
from tests.video.scenes import ALICE, BEN, INES
from tests.video.test_connections import two_browsers
from video.media.limits import Bucket, Buckets, Strangers
from video.media.offers import UnfitOfferError, clean
from video.media.server import HALL
from video.tokens import Role

MANY = 250
ADDRESS = re.compile(r"a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+)", re.IGNORECASE)


async def _silent_line(media: Media) -> asyncio.StreamWriter:
    """Open a WebSocket and say nothing."""
    url = media.server.make_url("/room")
    _, line = await asyncio.open_connection(url.host, url.port)
    line.write(
        f"GET /room HTTP/1.1\r\nHost: x\r\nOrigin: {ORIGIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    return line


async def _listen(page: Page, heard: list[dict[str, Any]]) -> None:
    """Read on, as a page does: whoever reads nothing is taken for gone."""
    while True:
        heard.append(await page.first())


@awaited
async def test_a_room_in_progress_does_not_notice_a_flood(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as browsers:
        for browser in browsers:
            await browser.sees()
        heard: list[dict[str, Any]] = []
        listening = [asyncio.create_task(_listen(browser.page, heard)) for browser in browsers]
        silent = [await _silent_line(media) for _ in range(MANY)]
        for number in range(40):
            page = await media.page()
            await page.send(
                random.Random(number).choice(['{"type": 7}', "[" * 500, "\x00", '{"type":"join","token":"v1.a.b"}'])
            )
            await page.hear("refused")
        token = fresh_token(BEN, room="room-2")
        for _ in range(5):
            page = await media.page()
            await page.say("join", token=token)
        refused = await page.hear("refused")
        assert "used before" in refused["words"]
        offering = await media.enter(INES, room="room-3")
        for number in range(30):
            await offering.say("offer", sdp="v=0\r\n" * 2000, number=number, generation=number)
        await offering.hear("problem", words="Your browser asks for connections too often. Wait a moment.")
        _junk_to(str(browsers[0].connection.remoteDescription.sdp))
        for browser in browsers:
            await browser.sees()
            await browser.page.say("ping", stamp=9)
        while sum(message["type"] == "pong" for message in heard) < 2:
            await asyncio.sleep(0.01)
        assert {message["type"] for message in heard} <= {"pong", "roomview", "slots"}
        seen = {report["event"] for report in media.web.reports if report["room"] == "room-1"}
        assert seen <= {"joined", "quality"}
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        for line in silent:
            line.close()


@awaited
async def test_fuzzed_offers_are_refused_in_words_and_the_room_goes_on(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as browsers:
        good = str(browsers[0].connection.localDescription.sdp)
        for seed in range(30):
            page = await media.enter(f"9{seed}", room=f"room-{seed % 5 + 2}", role=Role.COUNSELOR)
            await page.hear("roomview", stage="in")
            await page.say("offer", sdp=_mangled(good, random.Random(seed)), number=1, generation=1)
            await page.say("ping", stamp=seed)
            await page.hear("pong", stamp=seed)
            await page.say("leave")
            assert await page.is_closed()
        hall = media.app[HALL]
        await asyncio.gather(*hall.board._tasks)
        offers = hall.meters.offers
        assert offers["answered"] + offers["unfit"] == 2 + 30
        assert offers["unfit"] > 0
        for browser in browsers:
            await browser.sees()


@awaited
async def test_whoever_comes_in_again_and_again_is_asked_to_wait(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines = await media.enter(INES)
        answers = {"type": "welcome"}
        for _ in range(60):
            if answers["type"] == "refused":
                break
            answers = await (await media.enter(ALICE)).first()
        assert answers["code"] == "busy"
        await ines.say("ping", stamp=1)
        await ines.hear("pong")


def test_an_endless_offer_is_not_read() -> None:
    with pytest.raises(UnfitOfferError, match="longer"):
        clean("v=0\r\n" * 5000)


def test_only_a_few_stream_names_of_a_section_are_read() -> None:
    sections = ["m=audio 9 x", "m=video 9 x", "m=video 9 x", "m=application 9 x"]
    names = [f"a=ssrc:{number} cname:x" for number in range(99)]
    named = [line for mid, section in enumerate(sections) for line in (section, f"a=mid:{mid}", *names)]
    assert clean("\r\n".join(["a=group:BUNDLE 0 1 2 3", *named])).count("a=ssrc:") == 4 * 24


def test_a_bucket_for_each_name() -> None:
    buckets = Buckets(rate=1, burst=2)
    assert [buckets.allows("alice", 0) for _ in range(3)] == [True, True, False]
    assert buckets.allows("ben", 0)
    assert buckets.allows("alice", 1)
    for number in range(1500):
        buckets.allows(str(number), 2)
    assert not Bucket(rate=1, burst=2, _level=1, _at=0).is_full(0.5)
    assert buckets.allows("late", 100)
    assert len(buckets._known) == 1


def test_the_stranger_who_dawdles_longest_is_cut_off() -> None:
    cut: list[str] = []
    strangers = Strangers(most=2)
    for name in ("a", "b"):
        strangers.come(name, lambda name=name: cut.append(name))
    strangers.known("a")
    for name in ("c", "d"):
        strangers.come(name, lambda name=name: cut.append(name))
    assert cut == ["b"]


def _mangled(sdp: str, chance: random.Random) -> str:
    lines = sdp.splitlines()
    for _ in range(chance.randint(1, 12)):
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                del lines[place]
            case 1:
                lines[place], lines[other] = lines[other], lines[place]
            case 2:
                lines.insert(place, lines[other])
            case 3:
                lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
            case _:
                lines[place] = re.sub(r"\d+", lambda found: str(chance.getrandbits(40)), lines[place], count=1)
    return "\r\n".join(lines) + "\r\n"


def _junk_to(answer: str) -> None:
    """Send noise to where the packets of a room come in: looking like STUN, DTLS, RTP, RTCP, and like nothing."""
    chance = random.Random(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        for address, port in set(ADDRESS.findall(answer)):
            for number in range(400):
                first = (b"\x00\x01", b"\x16\xfe", b"\x80\x6f", b"\x80\xc8", b"", b"\xff")[number % 6]
                wire.sendto(first + chance.randbytes(chance.randrange(60)), (address, int(port)))
