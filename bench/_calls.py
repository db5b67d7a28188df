"""A call between two real Chromiums, with every way between them and the servers in our hands, and its figures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench._cameras import PAINTED, USUAL
from tests.browser.rooms import House, running_house
from tests.browser.ways import Ways, open_ways
from tests.support.apps import migrate
from tests.support.browsers import chromium, window
from tests.support.databases import SqliteTemplate

WATCH = """(() => {
  const made = window.RTCPeerConnection;
  window.peers = [];
  window.RTCPeerConnection = class extends made {
    constructor(...given) { super(...given); window.peers.push(this); }
  };
  window.frames_ = [];
  const watch = () => {
    const video = document.getElementById("remote-video");
    if (!video) return setTimeout(watch, 20);
    const seen = () => {
      window.frames_.push(performance.timeOrigin + performance.now());
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  };
  watch();
  addEventListener("click", (event) => {
    if (event.target.closest?.("#enter")) window.tappedAt = performance.timeOrigin + performance.now();
  }, true);
})();"""
FLOWING = """() => {
  const since = performance.timeOrigin + performance.now() - 1000;
  return window.frames_.filter((at) => at > since).length > 3;
}"""
COUNTS = """async () => {
  const counts = { sent: 0, concealed: 0, samples: 0 };
  for (const peer of window.peers.filter((each) => each.connectionState === "connected")) {
    for (const report of (await peer.getStats()).values()) {
      if (report.type === "outbound-rtp") counts.sent += report.bytesSent + report.headerBytesSent;
      if (report.type !== "inbound-rtp" || report.kind !== "audio" || !report.totalSamplesReceived) continue;
      counts.concealed += report.concealedSamples;
      counts.samples += report.totalSamplesReceived;
    }
  }
  return counts;
}"""


@dataclass
class Caller:
    """One person's page."""

    page: Page

    def frames(self) -> list[float]:
        """Give the instants in ms at which frames were shown."""
        return list(self.page.evaluate("window.frames_"))

    def counts(self) -> dict[str, float]:
        """Give bytes sent and samples of sound played, concealed ones too."""
        return dict(self.page.evaluate(COUNTS))

    def enter(self, house: House, camera: str = USUAL) -> float:
        """Go in, or back in, by the device check; return ms from the tap to the first frame of the other."""
        self.page.goto(f"{house.settings.base_url}/crisis")
        self.page.evaluate("sessionStorage.clear()")
        self.page.evaluate(camera)
        self.page.goto(house.room_url)
        self.page.wait_for_function("() => document.getElementById('check-video').videoWidth > 0")
        self.page.wait_for_selector("#enter:enabled")
        self.page.click("#enter")
        self.page.wait_for_selector('#visit[data-stage="call"]')
        return self.tapped_to_frame()

    def tapped_to_frame(self) -> float:
        """Wait for the first frame; return ms since the tap."""
        self.page.wait_for_function("() => window.frames_.length > 0")
        return float(self.page.evaluate("window.frames_[0] - window.tappedAt"))


@dataclass
class Call:
    """Ines and Alice, in session."""

    house: House
    ways: Ways
    ines: Caller
    alice: Caller

    @property
    def callers(self) -> tuple[Caller, Caller]:
        """Both."""
        return self.ines, self.alice

    def settle(self, seconds: float = 2.0) -> None:
        """Wait until frames flow steadily on both sides."""
        for caller in self.callers:
            caller.page.wait_for_function(FLOWING, timeout=30_000)
        time.sleep(seconds)


@contextmanager
def calling(*, detoured: bool = True) -> Iterator[Call]:
    """Run the house and bring both into the room; what they send takes our relays, or else the straight way."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        database = open_.enter_context(SqliteTemplate(folder, migrate).copy())
        ways = open_.enter_context(open_ways())
        ways.is_on = detoured
        house = open_.enter_context(running_house(database, folder, ways=ways))
        browser = open_.enter_context(chromium())
        ines, alice = (_caller(open_, browser, house, name) for name in ("ines", "alice"))
        alice.page.goto(house.room_url)
        alice.page.wait_for_selector("#enter:enabled")
        alice.page.click("#enter")
        ines.page.goto(house.room_url)
        ines.page.wait_for_selector("#enter:enabled")
        ines.page.click("#enter")
        ines.page.get_by_role("button", name="Admit Alice Moreau").click()
        yield Call(house, ways, ines, alice)


def _caller(open_: ExitStack, browser: Browser, house: House, name: str) -> Caller:
    context = open_.enter_context(window(browser))
    named = str(house.app.config["SESSION_COOKIE_NAME"])
    context.add_cookies([{"name": named, "value": house.cookies[name], "domain": "127.0.0.1", "path": "/"}])
    context.add_init_script(WATCH)
    context.add_init_script(PAINTED)
    return Caller(context.new_page())
