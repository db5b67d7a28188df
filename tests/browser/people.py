"""Two people in two windows: each with a picture of their own colour that moves, so that pixels tell who is seen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.rooms import House
from tests.support.browsers import complaints, window

COLOURS = {"ines": (30, 60, 200), "alice": (200, 50, 30), "ben": (40, 150, 60)}
OPENS_WITHIN = 90_000
"""Milliseconds that a page of fifty modules may take beside windows that paint pictures, on a busy machine."""

_PAINTED_CAMERA = """([red, green, blue]) => {
  const asked = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.cameras = [];
  window.wishes = [];
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    window.wishes.push(wishes);
    const stream = await asked({ audio: wishes.audio, video: wishes.video });
    if (!wishes.video) return stream;
    stream.getVideoTracks().forEach((track) => { track.stop(); stream.removeTrack(track); });
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 270 });
    const context = canvas.getContext("2d");
    let step = 0;
    setInterval(() => {
      context.fillStyle = `rgb(${red} ${green} ${blue})`;
      context.fillRect(0, 0, 480, 270);
      context.fillStyle = "white";
      context.fillRect((step++ * 12) % 480, 100, 60, 60);
    }, 100);
    const track = canvas.captureStream(10).getVideoTracks()[0];
    window.cameras.push(track);
    stream.addTrack(track);
    return stream;
  };
}"""

_SEEN = """(selector) => {
  const video = document.querySelector(selector);
  if (!video) return { corner: [0, 0, 0], white: -1, frames: 0 };
  const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 27 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 48, 27);
  const pixels = context.getImageData(0, 0, 48, 27).data;
  const corner = [...pixels.slice(0, 3)];
  let white = -1;
  for (let x = 0; x < 48 && white < 0; x++) if (pixels[4 * (13 * 48 + x) + 1] > 180) white = x;
  return { corner, white, frames: video.getVideoPlaybackQuality().totalVideoFrames };
}"""

_LOUDEST = """async (seconds) => {
  const context = (window.listening ??= new AudioContext());
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  const source = context.createMediaStreamSource(document.getElementById("remote-video").srcObject);
  source.connect(analyser);
  const samples = new Float32Array(2048);
  let loudest = 0;
  const until = performance.now() + 1000 * seconds;
  while (performance.now() < until) {
    analyser.getFloatTimeDomainData(samples);
    loudest = Math.max(loudest, ...samples.map(Math.abs));
    await new Promise((done) => setTimeout(done, 20));
  }
  source.disconnect();
  return loudest;
}"""


@dataclass
class Somebody:
    """One person at their own window."""

    name: str
    page: Page
    context: BrowserContext
    heard: list[str]

    @property
    def stage(self) -> str:
        """Which part of the visit is shown."""
        return str(self.page.locator("#visit").get_attribute("data-stage"))

    def enter(self) -> None:
        """Press Enter once the devices are there."""
        self.page.wait_for_function("() => document.getElementById('check-video').videoWidth > 0")
        self.page.click("#enter")

    def is_in(self) -> None:
        """Wait until this person is in the room."""
        expect(self.page.locator("#visit")).to_have_attribute("data-stage", "call")

    def sees(self, other: str, *, within: float = 40, picture: str = "#remote-video") -> None:
        """Wait until the other's picture is on the screen, in their colour and moving."""
        deadline = time.monotonic() + within
        places: set[int] = set()
        first = -1
        while True:
            seen = self.page.evaluate(_SEEN, picture)
            first = seen["frames"] if first < 0 else first
            if _close(seen["corner"], COLOURS[other]) and seen["white"] >= 0:
                places.add(seen["white"])
            if len(places) >= 3 and seen["frames"] > first:
                return
            assert time.monotonic() < deadline, f"{self.name} does not see {other} move: {seen}"
            time.sleep(0.1)

    def lines(self, picture: str) -> int:
        """Tell in how many lines a picture comes now; 0 before it does."""
        return int(self.page.locator(picture).evaluate("video => video.videoHeight"))

    def sees_nobody_move(self) -> None:
        """Wait until no new frame comes any more."""
        frames = [-1, self.page.evaluate(_SEEN, "#remote-video")["frames"]]
        deadline = time.monotonic() + 10
        while frames[-1] != frames[-2]:
            assert time.monotonic() < deadline, f"{self.name} still sees frames: {frames}"
            time.sleep(0.6)
            frames.append(self.page.evaluate(_SEEN, "#remote-video")["frames"])

    def hears(self, *, within: float = 15) -> None:
        """Wait until a sound arrives: the fake microphone beeps every second."""
        deadline = time.monotonic() + within
        while (loudest := self.page.evaluate(_LOUDEST, 1.2)) < 0.01:
            assert time.monotonic() < deadline, f"{self.name} hears nothing: {loudest}"

    def hears_nothing(self, *, within: float = 10) -> None:
        """Wait until no sound arrives any more."""
        deadline = time.monotonic() + within
        while (loudest := self.page.evaluate(_LOUDEST, 1.5)) > 0.001:
            assert time.monotonic() < deadline, f"{self.name} still hears: {loudest}"

    def writes(self, text: str) -> None:
        """Write a line of chat."""
        if not self.page.locator("#chat-text").is_visible():
            self.page.click('[data-side="chat"]')
        self.page.fill("#chat-text", text)
        self.page.press("#chat-text", "Enter")


@contextmanager
def somebody(
    browser: Browser, house: House, name: str, url: str = "", *, script: str = "", **options: object
) -> Iterator[Somebody]:
    """Open a window in which somebody is signed in, if they have an account, and on the room's page or another.

    A `script` runs before those of each page.
    """
    with window(browser, **options) as context:
        if name in house.cookies:
            cookie = {"name": str(house.app.config["SESSION_COOKIE_NAME"]), "value": house.cookies[name]}
            context.add_cookies([{**cookie, "domain": "127.0.0.1", "path": "/"}])  # type: ignore[list-item]  # a typed dict
        context.add_init_script(f"({_PAINTED_CAMERA})({list(COLOURS[name])})")
        context.add_init_script(script or "null")
        page = context.new_page()
        person = Somebody(name, page, context, complaints(page))
        page.goto(url or house.room_url, timeout=OPENS_WITHIN)
        yield person


def meet(ines: Somebody, alice: Somebody, house: House) -> None:
    """Bring both into the room with everything switched on, from wherever they are."""
    for person in (ines, alice):
        if person.stage != "call":
            person.page.goto(house.room_url)
            person.page.wait_for_selector('#visit:not([data-stage="check"]), #enter:enabled', state="attached")
            if person.stage == "check":
                person.enter()
            person.page.wait_for_selector('#visit:is([data-stage="waiting"], [data-stage="call"])')
        for switch in ("microphone", "camera"):
            button = person.page.locator(f'[data-toggle="{switch}"]:visible').first
            if button.get_attribute("aria-pressed") == "true":
                button.click()
    if alice.stage == "waiting":
        ines.page.get_by_role("button", name="Admit Alice Moreau").click()
    for person in (ines, alice):
        person.is_in()
        if person.page.locator("#close-side").is_visible():
            person.page.click("#close-side")


def _close(colour: list[int], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 45 for one, other in zip(colour, wanted, strict=True))


Pair = tuple[Somebody, Somebody]
