"""Somebody whose network lets nothing out but TLS is in the session all the same, by way of a relay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.people import meet, somebody
from tests.browser.rooms import running_house
from tests.support.browsers import FLAGS, installed
from tests.video.coturn import HERE, SECRET, coturn

pytestmark = pytest.mark.browser

ONLY_THE_RELAY = """
  const Peer = window.RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Peer {
    constructor(how) {
      super({ ...how, iceTransportPolicy: "relay" });
      window.peers.push(this);
    }
  };
"""
"""A network that lets no packet through but to the relay."""

ROAD = """async () => {
  for (const peer of window.peers) {
    const stats = [...(await peer.getStats()).values()];
    const pair = stats.find((each) => each.type === "candidate-pair" && each.nominated && each.state === "succeeded");
    const own = stats.find((each) => each.id === pair?.localCandidateId);
    if (own) return `${own.candidateType} ${own.relayProtocol}`;
  }
}"""


@contextmanager
def trusting(browser: Browser, fingerprint: str) -> Iterator[Browser]:
    """Start another Chromium, which trusts one certificate more."""
    flag = f"--ignore-certificate-errors-spki-list={fingerprint}"
    another = browser.browser_type.launch(executable_path=installed(), args=[*FLAGS, flag])
    try:
        yield another
    finally:
        another.close()


def test_behind_the_strictest_network_the_session_goes_through_tls(
    browser: Browser, new_database: str, tmp_path: Path
) -> None:
    with coturn(tmp_path) as relay:
        told = {"turn_urls": f"turns:{HERE}:{relay.tls_port}?transport=tcp", "turn_secret": SECRET}
        with (
            running_house(new_database, tmp_path, **told) as house,
            somebody(browser, house, "ines") as ines,
            trusting(browser, relay.fingerprint) as elsewhere,
            somebody(elsewhere, house, "alice") as alice,
        ):
            alice.context.add_init_script(ONLY_THE_RELAY)
            alice.page.reload()
            meet(ines, alice, house)
            alice.sees("ines")
            ines.sees("alice")
            alice.page.wait_for_function(f"async () => (await ({ROAD})()) === 'relay tls'")
