"""What goes through the server is nothing to see or hear without keys; two people can make sure whose key they have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import COLOURS, Pair, Somebody, meet, somebody
from tests.browser.rooms import House

pytestmark = pytest.mark.browser

PATIENCE = 60_000
"""Milliseconds until so much has come, on a machine that draws a few pictures a second."""

ANOTHER_PAGE = """
  const kind = sessionStorage.getItem("page");
  const Peer = window.RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends Peer {
    constructor(...how) {
      super(...how);
      window.peers.push(this);
    }
  };
  window.received = { audio: 0, video: 0 };
  setInterval(async () => {
    const packets = { audio: 0, video: 0 };
    for (const peer of window.peers)
      for (const report of (await peer.getStats()).values())
        if (report.type === "inbound-rtp") packets[report.kind] += report.packetsReceived;
    window.received = packets;
  }, 250);
  if (kind === "shows what comes")
    Object.defineProperty(RTCRtpReceiver.prototype, "transform", { set() {} });
  if (kind === "learns no key") {
    const tell = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message.order !== "learn") tell.call(this, message, ...rest);
    };
  }
  if (kind === "cannot") {
    delete window.RTCRtpScriptTransform;
    delete RTCRtpSender.prototype.createEncodedStreams;
  }
"""
"""What another kind of page would do with what the server sends it."""

RECEIVED = "least => window.received.audio >= least && window.received.video >= least"

SHOWN = "document.getElementById('remote-video').getVideoPlaybackQuality().totalVideoFrames"

MOST_ALIKE = """async ([colour, times]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 27 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let most = 0;
  for (let time = 0; time < times; time += 1) {
    context.drawImage(document.getElementById("remote-video"), 0, 0, 48, 27);
    const { data } = context.getImageData(0, 0, 48, 27);
    let alike = 0;
    for (let at = 0; at < data.length; at += 4)
      if (colour.every((part, which) => Math.abs(part - data[at + which]) < 45)) alike += 1;
    most = Math.max(most, alike / (48 * 27));
    await new Promise((done) => setTimeout(done, 50));
  }
  return most;
}"""
"""How much of the picture was in a person's colour, at most."""


@pytest.fixture(scope="module")
def windows(browser: Browser, house: House) -> Iterator[Pair]:
    """A window each for Ines and Alice; Alice's can become another kind of page."""
    with somebody(browser, house, "ines") as ines, somebody(browser, house, "alice") as alice:
        alice.context.add_init_script(ANOTHER_PAGE)
        yield ines, alice


@pytest.fixture
def pair(windows: Pair, house: House) -> Pair:
    """Ines and Alice, in session, Alice's page as it should be."""
    ines, alice = windows
    alice.page.evaluate("sessionStorage.removeItem('page')")
    alice.page.goto(house.room_url)
    meet(ines, alice, house)
    return ines, alice


def test_what_the_server_forwards_is_neither_picture_nor_sound_without_keys(pair: Pair) -> None:
    _, alice = pair
    blue = list(COLOURS["ines"])
    alice.sees("ines", within=60)
    assert alice.page.evaluate(MOST_ALIKE, [blue, 10]) > 0.5
    _becomes(alice, "shows what comes")
    alice.page.wait_for_function(RECEIVED, arg=40, timeout=PATIENCE)
    assert alice.page.evaluate(MOST_ALIKE, [blue, 40]) < 0.5
    _becomes(alice, "learns no key")
    alice.page.wait_for_function(RECEIVED, arg=40, timeout=PATIENCE)
    alice.hears_nothing()
    assert (
        alice.page.evaluate("document.getElementById('remote-video').getVideoPlaybackQuality().totalVideoFrames") == 0
    )


def test_two_people_compare_a_code_and_another_key_stops_the_session(pair: Pair, house: House) -> None:
    ines, alice = pair
    alice.sees("ines", within=60)
    codes = []
    for person in pair:
        person.page.click("#open-secrecy")
        expect(person.page.locator(".secrecy-code li")).to_have_count(5)
        codes.append(person.page.locator(".secrecy-code li").all_inner_texts())
    assert codes[0] == codes[1]
    for person in pair:
        person.page.get_by_role("button", name="The same", exact=True).click()
        person.page.click("#secrecy button[value=done]")
        expect(person.page.locator("#secrecy-state")).to_have_text("Encrypted and compared")
    alice.page.reload()
    alice.sees("ines", within=60)
    expect(ines.page.locator("#secrecy-state")).to_have_text("Encrypted and compared")
    alice.page.goto(f"{house.settings.base_url}/crisis")
    alice.page.evaluate(_FORGET)
    alice.page.goto(house.room_url)
    expect(ines.page.get_by_role("heading", name="This is not the key of Alice Moreau")).to_be_visible()
    expect(alice.page.locator("#secrecy-state")).to_have_text("Being checked")
    for _ in range(3):
        ines.page.keyboard.press("Escape")
    expect(ines.page.locator("#secrecy-warning")).to_be_visible()
    assert (
        alice.page.evaluate("document.getElementById('remote-video').getVideoPlaybackQuality().totalVideoFrames") == 0
    )
    ines.page.click("#secrecy-go-on")
    expect(ines.page.locator(".secrecy-said")).to_have_text("not compared yet")
    ines.page.click("#secrecy button[value=done]")
    alice.sees("ines", within=60)
    ines.sees("alice", within=60)


def test_a_browser_that_cannot_encrypt_is_told_so_before_anyone_speaks(pair: Pair) -> None:
    _, alice = pair
    _becomes(alice, "cannot")
    expect(alice.page.locator("#enter-refusal")).to_contain_text("cannot encrypt a session from end to end")
    expect(alice.page.locator("#visit")).to_have_attribute("data-stage", "check")


_FORGET = """async () => {
  for (const { name } of await indexedDB.databases())
    await new Promise((done) => (indexedDB.deleteDatabase(name).onsuccess = done));
}"""


def _becomes(person: Somebody, kind: str) -> None:
    person.page.evaluate("kind => sessionStorage.setItem('page', kind)", kind)
    person.page.reload()
