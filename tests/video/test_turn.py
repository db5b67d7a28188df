"""A person whose network lets only the relay through is seen all the same: coturn, set up as we tell people to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCIceServer, RTCIceTransportPolicy, RTCPeerConnection

from tests.video.coturn import HERE, SECRET, coturn
from tests.video.media_server import awaited, media_server
from tests.video.scenes import ALICE, INES
from tests.video.test_connections import Browser, GreyPicture
from video.relays import relays


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_somebody_behind_a_relay_is_seen(tmp_path: Path, transport: str) -> None:
    with coturn(tmp_path) as relay:
        _meet(tmp_path, f"turn:{HERE}:{relay.port}?transport={transport}")


@awaited
async def _meet(folder: Path, url: str) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    (relay,) = relays(url, SECRET, name="somebody", until=soon)
    async with media_server(folder) as media:
        ines = Browser(await media.enter(INES), 60)
        alice = Browser(await media.enter(ALICE, admitted=True), 180)
        await alice.connection.close()
        _behind(alice, RTCIceServer(url, username=relay["username"], credential=relay["credential"]))
        try:
            for browser in (ines, alice):
                await browser.page.hear("roomview", stage="in")
                await browser.connect()
            assert abs(await ines.sees() - 180) < 12
            assert abs(await alice.sees() - 60) < 12
        finally:
            await ines.connection.close()
            await alice.connection.close()


def _behind(browser: Browser, server: RTCIceServer) -> None:
    """Let the browser use nothing but the relay."""
    browser.connection = RTCPeerConnection(
        RTCConfiguration(
            iceServers=[server], iceTransportPolicy=RTCIceTransportPolicy.RELAY, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE
        )
    )
    browser.connection.addTransceiver("audio")
    browser.camera = browser.connection.addTransceiver(GreyPicture(180))
    browser.connection.addTransceiver("video")
    browser.heartbeat = browser.connection.createDataChannel("heartbeat", ordered=False, maxRetransmits=0)
