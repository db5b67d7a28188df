"""A person whose network lets only the relay through is seen all the same: coturn, set up as we tell people to."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCIceServer, RTCIceTransportPolicy, RTCPeerConnection

from tests.support.ports import free_ports
from tests.support.servers import until
from tests.support.tree import ROOT
from tests.video.media_server import awaited, media_server
from tests.video.scenes import ALICE, INES
from tests.video.test_connections import Browser, GreyPicture
from video.relays import relays

SECRET = "relay-secret"
HERE = "127.0.0.1"


@contextmanager
def coturn(folder: Path) -> Iterator[int]:
    """Run coturn by the configuration that is shipped, on loopback and without TLS; give its port."""
    program = shutil.which("turnserver") or pytest.skip("coturn is missing: apt-get install coturn")
    (port,) = free_ports(1)
    shipped = (ROOT / "video" / "turnserver.conf").read_text()
    told = shipped.replace("<secret>", SECRET).replace("<host>", HERE).replace("<media>", HERE)
    kept = [line for line in told.splitlines() if not line.startswith(("cert=", "pkey=", "listening-port="))]
    here = [f"listening-port={port}", f"listening-ip={HERE}", f"relay-ip={HERE}", "allow-loopback-peers", "no-tls"]
    here += ["no-dtls", f"pidfile={folder / 'turn.pid'}", f"userdb={folder / 'turn.db'}"]
    written = folder / "turnserver.conf"
    written.write_text("\n".join([*kept, *here]))
    run = subprocess.Popen([program, "-c", str(written)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port), what="coturn's start")
        yield port
    finally:
        run.terminate()
        run.wait(10)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_somebody_behind_a_relay_is_seen(tmp_path: Path, transport: str) -> None:
    with coturn(tmp_path) as port:
        _meet(tmp_path, f"turn:{HERE}:{port}?transport={transport}")


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


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((HERE, port)) == 0
