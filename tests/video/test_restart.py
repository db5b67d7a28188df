"""ICE restart: a page that lost its path finds another to the same connection, without new keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aioice
import pytest
from aioice.candidate import Candidate

from tests.video.media_server import awaited, media_server
from tests.video.scenes import ALICE
from tests.video.test_connections import Browser, two_browsers
from video.media import addresses, restart
from video.media.offers import UnfitOfferError
from video.media.restart import Credentials

OFFER = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 AA:BB\r\nm=audio 9 x 111\r\n"


@asynccontextmanager
async def a_server() -> AsyncIterator[aioice.Connection]:
    """Give the media server's end, ready to be reached."""
    addresses.settle(loopback=True)
    server = aioice.Connection(ice_controlling=False)
    await server.gather_candidates()
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def a_page(of: Credentials, candidates: list[Candidate]) -> AsyncIterator[aioice.Connection]:
    """Give a browser's end that knows the server's credentials and addresses."""
    page = aioice.Connection(ice_controlling=True)
    await page.gather_candidates()
    page.remote_username, page.remote_password = of.fragment, of.password
    for candidate in candidates:
        await page.add_remote_candidate(candidate)
    await page.add_remote_candidate(None)
    try:
        yield page
    finally:
        await page.close()


def _credentials(connection: aioice.Connection) -> Credentials:
    return Credentials(connection.local_username, connection.local_password)


@awaited
async def test_a_page_comes_back_from_another_address() -> None:
    async with a_server() as server, a_page(_credentials(server), server.local_candidates) as before:
        server.remote_username, server.remote_password = before.local_username, before.local_password
        await asyncio.gather(server.connect(), before.connect())
        await before.send(b"before")
        assert await server.recv() == b"before"
        carried = server._nominated[1]
        async with a_page(_credentials(server), server.local_candidates) as after:
            ours = restart.restart(server, _credentials(after))
            assert server._nominated[1] is carried
            after.remote_username, after.remote_password = ours.fragment, ours.password
            await after.connect()
            await after.send(b"after")
            assert await server.recv() == b"after"
            while server._nominated[1] is carried:
                await asyncio.sleep(0.01)
            await server.send(b"back")
            assert await after.recv() == b"back"


def test_credentials_are_read_and_written() -> None:
    assert restart.credentials_of(OFFER) == Credentials("abcd", "0123456789012345678901")
    written = restart.with_credentials(OFFER, Credentials("wxyz", "x" * 22))
    assert restart.credentials_of(written) == Credentials("wxyz", "x" * 22)
    assert written.count("\r\n") == OFFER.count("\r\n")


def test_an_offer_without_credentials_is_refused() -> None:
    with pytest.raises(UnfitOfferError):
        restart.credentials_of(OFFER.replace("abcd", "a b"))


@pytest.mark.parametrize(("change", "is_same"), [("", True), ("AA:BB", False), ("m=audio", False), ("a=ice-pwd", True)])
def test_another_certificate_is_another_connection(change: str, *, is_same: bool) -> None:
    other = OFFER.replace(change, "m=video" if change.startswith("m=") else "a=CC") if change else OFFER
    assert restart.is_same_connection(OFFER, other) is is_same


@awaited
async def test_a_repeated_offer_gets_the_same_answer(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, _):
        await ines.sees()
        sdp = ines.connection.localDescription.sdp
        first = ines.connection.remoteDescription.sdp
        await ines.page.say("offer", sdp=sdp, number=2, generation=1)
        again = await ines.page.hear("answer", number=2)
        assert restart.credentials_of(again["sdp"]) == restart.credentials_of(first)
        named = restart.with_credentials(sdp, Credentials("wxyz", "x" * 22))
        await ines.page.say("offer", sdp=named, number=3, generation=1)
        renewed = await ines.page.hear("answer", number=3)
        assert restart.credentials_of(renewed["sdp"]) != restart.credentials_of(first)


@awaited
async def test_the_old_picture_stays_until_the_new_connection_is_up(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, alice):
        await ines.sees()
        coming = Browser(alice.page, 110)
        try:
            await coming.connection.setLocalDescription(await coming.connection.createOffer())
            offer = coming.connection.localDescription.sdp
            await alice.page.say("offer", sdp=offer, number=2, generation=2)
            await alice.page.hear("answer", number=2)  # and nothing is done with it: the connection never comes up
            for _ in range(10):
                assert abs(await ines.sees() - 180) < 12
            back = await media.enter(ALICE)
            assert (await back.hear("welcome"))["generation"] == 2
            await back.say("leave")
            await ines.page.hear("slots", slots={})
        finally:
            await coming.connection.close()


@awaited
async def test_a_silent_page_is_said_to_be_away_and_back(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media, two_browsers(media) as (ines, alice):
        await ines.sees()
        for pair in _nominated(alice):
            pair.protocol.send_data = _into_the_void
        await _sees_alice(ines, here=False)
        for pair in _nominated(alice):
            del pair.protocol.send_data
        await _sees_alice(ines, here=True)


async def _into_the_void(*_: object) -> None:
    """Send nothing at all."""


def _nominated(browser: Browser) -> list[aioice.ice.CandidatePair]:
    ice = browser.connection.getTransceivers()[0].receiver.transport.transport._connection
    return list(ice._nominated.values())


async def _sees_alice(browser: Browser, *, here: bool) -> None:
    while True:
        view = await browser.page.hear("roomview")
        if {each["person"]: each["here"] for each in view["people"]}.get(ALICE) is here:
            return
