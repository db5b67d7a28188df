"""What three people do together in a room: views, hands, a whiteboard, a shared screen, muting, showing out."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import Somebody
from tests.browser.ways import Ways
from tests.support.servers import until

A_RECOGNISER = """() => {
  globalThis.SpeechRecognition = class extends EventTarget {
    static available = async ({ processLocally }) => (processLocally ? "available" : "unavailable");
    get processLocally() { return this.isLocal; }
    set processLocally(isLocal) { this.isLocal = isLocal; }
    start(track) {
      const heard = Object.assign([{ transcript: `I slept better (${track.kind})` }], { isFinal: true });
      const result = Object.assign(new Event("result"), { resultIndex: 0, results: [heard] });
      setTimeout(() => this.dispatchEvent(result), 50);
    }
    abort() {}
  };
}"""
"""A recogniser that stays on the device: Chromium's needs a download."""

HAS_SOFT_EDGES = """() => {
  const video = document.getElementById("remote-video");
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 270 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 480, 270);
  const pixels = context.getImageData(0, 130, 90, 1).data;
  const greens = Array.from({ length: 90 }, (_, x) => pixels[4 * x + 1]);
  const steps = greens.slice(1).map((green, x) => Math.abs(green - greens[x]));
  return Math.max(...greens) - Math.min(...greens) > 80 && Math.max(...steps) < 25;
}"""
"""Whether the white square, now at the left edge of the other's picture, fades into the colour around it."""

PAINTED_SCREEN = """() => {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const context = canvas.getContext("2d");
    setInterval(() => { context.fillStyle = "rgb(230 200 40)"; context.fillRect(0, 0, 640, 360); }, 100);
    return canvas.captureStream(10);
  };
}"""

A_TAB_THAT_SOUNDS = """() => {
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
    canvas.getContext("2d").fillRect(0, 0, 320, 180);
    const context = new AudioContext(), tone = new OscillatorNode(context, { frequency: 440 });
    const out = new MediaStreamAudioDestinationNode(context);
    tone.connect(out);
    tone.start();
    return new MediaStream([...canvas.captureStream(5).getTracks(), ...out.stream.getTracks()]);
  };
}"""

_IS_YELLOW = """() => {
  const video = document.getElementById("shared-video");
  const canvas = Object.assign(document.createElement("canvas"), { width: 2, height: 2 });
  canvas.getContext("2d").drawImage(video, 0, 0, 2, 2);
  const [red, green, blue] = canvas.getContext("2d").getImageData(0, 0, 1, 1).data;
  return red > 180 && green > 150 && blue < 120;
}"""

ANOTHER_WAY = """
  const Straight = WebSocket;
  window.WebSocket = class extends Straight {
    constructor(url) {
      const address = new URL(url);
      address.port = PORT;
      super(address);
    }
  };
"""
"""A network of one's own between a page and the media server; PORT is where it begins."""

GOES_BY_LOSS = """
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  const told = /^a=(rtcp-fb:[0-9]+ transport-cc|extmap:[0-9]+ .*transport-wide-cc.*)[\\r\\n]+/gm;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return setRemoteDescription.call(this, { type, sdp: sdp.replace(told, "") });
  };
"""
"""A browser that knows no transport-cc: on a machine short of time its packets are late, and it would send less."""

_LARGE = "[data-slot].seat-large video"
_TOO_MUCH_FOR_A_LARGE_PICTURE = 0.16
"""Share of packets lost that makes a picture smaller and does not yet end all pictures (choosing.py, ladder.js)."""

_SMALL_COMES_SMALL = """() => {
  const { videoHeight } = document.querySelector("[data-slot]:not(.seat-large, [hidden]) video");
  return videoHeight > 0 && videoHeight < 270;
}"""
"""Whether the picture in the strip comes in fewer lines than the camera gives."""


def _seat(page: Page, name: str) -> str:
    """Find the seat with somebody's name on it."""
    slot = page.locator("[data-slot]:visible").filter(has_text=name).get_attribute("data-slot")
    return f"[data-slot='{slot}']"


def they_change_what_is_large(ines: Somebody) -> None:
    """The same size for everybody, and back; a pin stays whoever speaks, and what is small comes small."""
    ines.page.locator("body").press("g")
    expect(ines.page.locator("#stage")).to_have_attribute("data-view", "grid")
    expect(ines.page.locator(".seat-large")).to_have_count(0)
    ines.page.locator("body").press("u")
    ines.page.get_by_role("button", name="Keep large: Ben").click()
    expect(ines.page.locator("#stage")).to_have_attribute("data-view", "speaker")
    expect(ines.page.locator(".seat-large .seat-person")).to_have_text("Ben")
    ines.page.wait_for_function(_SMALL_COMES_SMALL)
    ines.page.get_by_role("button", name="Let go: Ben").click()


def one_weak_way_is_spared(alice: Somebody, ben: Somebody, bens: Ways) -> None:
    """Whose way loses much gets a smaller picture of the same person, which somebody else still gets whole.

    Nobody but who is seen has a picture to encode meanwhile: on a machine short of time a browser leaves sizes out.
    """
    for person in (alice, ben):
        person.page.locator("body").press("v")
        person.page.locator("body").press("u")
        person.page.get_by_role("button", name="Keep large: Ines Calder").click()
    until(lambda: alice.lines(_LARGE) == ben.lines(_LARGE) == 270, seconds=120, what="the whole picture for both")
    bens.detours.loss = _TOO_MUCH_FOR_A_LARGE_PICTURE
    until(lambda: 0 < ben.lines(_LARGE) < alice.lines(_LARGE) == 270, seconds=180, what="a smaller one for Ben alone")
    alice.sees("ines", picture=_LARGE)
    bens.detours.loss = 0.0
    alice.page.get_by_role("button", name="Let go: Ines Calder").click()
    alice.page.click("#close-side")
    alice.page.locator("body").press("v")


def a_hand_is_raised_and_lowered(ines: Somebody, ben: Somebody) -> None:
    """The others see the hand; whoever leads takes it down."""
    ben.page.locator("body").press("h")
    expect(ines.page.locator(f"{_seat(ines.page, 'Ben')} .seat-hand")).to_be_visible()
    ines.page.get_by_role("button", name="Take hand down: Ben").click()
    expect(ben.page.locator("#self-hand")).to_be_hidden()
    expect(ines.page.locator("[data-slot] .seat-hand:visible")).to_have_count(0)


def they_use_the_whiteboard(ines: Somebody, ben: Somebody) -> None:
    """What one draws and another writes is on both sheets."""
    ben.page.locator("body").press("w")
    expect(ines.page.locator("#board")).to_be_visible()
    paper = ben.page.locator("#board-canvas")
    paper.drag_to(paper, source_position={"x": 100, "y": 100}, target_position={"x": 160, "y": 140})
    ines.page.fill("#board-text", "A walk in the morning")
    ines.page.press("#board-text", "Enter")
    for person in (ines, ben):
        paper = person.page.locator("#board-canvas")
        expect(paper).to_have_attribute("aria-label", "Whiteboard: 1 line drawn, 1 written")
        expect(person.page.locator("#board-words")).to_have_text("A walk in the morning")
        person.page.click("#board-hide")


def a_screen_is_shared(ines: Somebody, ben: Somebody) -> None:
    """The others see it large, and it goes when it ends."""
    ben.page.evaluate(PAINTED_SCREEN)
    ben.page.locator("body").press("s")
    expect(ines.page.locator("#shared.seat-large")).to_be_visible()
    ines.page.wait_for_function(_IS_YELLOW)
    ben.page.click("#stop-sharing")
    expect(ines.page.locator("#shared")).to_be_hidden()


def everybody_else_is_muted(ines: Somebody, *others: Somebody) -> None:
    """One press asks all the others' pages to be silent."""
    ines.page.get_by_role("button", name="Mute everybody else").click()
    for person in others:
        expect(person.page.locator('#room [data-toggle="microphone"]')).to_have_attribute("aria-pressed", "true")
    ines.page.click("#close-side")


def one_is_shown_out(ines: Somebody, ben: Somebody) -> None:
    """They leave at once, and wait if they come back."""
    ines.page.locator("body").press("u")
    ines.page.get_by_role("button", name="Show out: Ben").click()
    ines.page.click("#remove button[value=remove]")
    expect(ben.page.get_by_role("heading", name="You are no longer in this session")).to_be_visible()
    ben.page.click("#rejoin")
    expect(ben.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
