"""The room's page in each of its stages: readable, reachable, and helpful when a camera does not come."""

from __future__ import annotations

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import somebody
from tests.browser.rooms import House
from tests.support.browsers import DESK, PHONE

pytestmark = pytest.mark.browser

LEVELS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


SETTLED_SECONDS = 20.0
"""How long a page may take to arrange itself in a window of another size, on a busy machine."""


def faults(page: Page) -> list[str]:
    """List what axe finds, and whether the page is wider than a phone."""
    violations = Axe().run(page, options=LEVELS).response["violations"]
    found = [f"{each['id']}: {node['html'][:120]}" for each in violations for node in each["nodes"]]
    page.set_viewport_size(PHONE)
    deadline = time.monotonic() + SETTLED_SECONDS
    while page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        if time.monotonic() > deadline:
            found.append("wider than a phone")
            break
    page.set_viewport_size(DESK)
    return found


def test_every_stage_holds_to_wcag(browser: Browser, house: House) -> None:
    found: dict[str, list[str]] = {}
    with (
        somebody(browser, house, "alice", reduced_motion="reduce") as alice,
        somebody(browser, house, "ines", reduced_motion="reduce") as ines,
    ):
        alice.page.wait_for_function("() => document.getElementById('check-video').videoWidth > 0")
        found["check"] = faults(alice.page)
        alice.page.click("#enter")
        expect(alice.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
        found["waiting"] = faults(alice.page)
        ines.enter()
        ines.page.get_by_role("button", name="Admit Alice Moreau").wait_for()
        found["admitting"] = faults(ines.page)
        ines.page.get_by_role("button", name="Admit Alice Moreau").click()
        alice.is_in()
        alice.page.click('[data-side="chat"]')
        alice.writes("Hello")
        expect(alice.page.locator(".bubble-mine")).to_be_visible()
        found["call"] = faults(alice.page)
        alice.page.click("#close-side")
        alice.page.locator("body").press("w")
        expect(alice.page.locator("#board")).to_be_visible()
        found["board"] = faults(alice.page)
        alice.page.click("#board-hide")
        alice.page.locator("body").press("o")
        expect(alice.page.locator("#more")).to_be_visible()
        found["more"] = faults(alice.page)
        alice.page.keyboard.press("Escape")
        ines.page.locator("body").press("u")
        found["people"] = faults(ines.page)
        alice.page.click("#open-more")
        alice.page.click("#open-devices")
        found["devices"] = faults(alice.page)
        alice.page.click("#devices button")
        alice.page.click("#open-leave")
        found["leave"] = faults(alice.page)
        alice.page.click("#leave button[value=leave]")
        found["done"] = faults(alice.page)
    assert {stage: each for stage, each in found.items() if each} == {}


def test_a_refused_camera_is_explained_and_no_obstacle(browser: Browser, house: House) -> None:
    with somebody(browser, house, "alice") as alice:
        alice.page.add_init_script(
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }"
        )
        alice.page.reload()
        expect(alice.page.locator("#trouble-title")).to_have_text(
            "Your camera and microphone are blocked for this page"
        )
        expect(alice.page.locator("#trouble-steps li")).to_have_count(3)
        found = faults(alice.page)
        alice.page.click("#enter")
        alice.page.wait_for_selector('#visit:is([data-stage="waiting"], [data-stage="call"])')
    assert found == []


def test_a_missing_camera_leaves_the_voice(browser: Browser, house: House) -> None:
    with somebody(browser, house, "alice") as alice:
        alice.page.add_init_script("""
            const asked = navigator.mediaDevices.getUserMedia;
            navigator.mediaDevices.getUserMedia = async (wishes) => {
              if (wishes.video) throw new DOMException("", "NotFoundError");
              return asked(wishes);
            };
        """)
        alice.page.reload()
        expect(alice.page.locator("#trouble-title")).to_have_text("No camera found")
        expect(alice.page.locator("#check-heard")).to_have_text("We hear you")


_WEBKIT, _CHROME = "AppleWebKit/605.1.15 Version/18.0", "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0"
AGENTS = {
    "chrome": f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME} Safari/537.36",
    "edge": f"Mozilla/5.0 (Windows NT 10.0) {_CHROME} Safari/537.36 Edg/131.0",
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "safari": f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) {_WEBKIT} Safari/605.1.15",
    "ios": f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {_WEBKIT} Mobile Safari/604.1",
    "android": f"Mozilla/5.0 (Linux; Android 15) {_CHROME} Mobile Safari/537.36",
    "android-firefox": "Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
    "app": f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {_WEBKIT} Mobile/15E148 Instagram 350.0",
    "other": "A browser nobody knows",
}
ERRORS = ("NotAllowedError", "NotFoundError", "NotReadableError", "TypeError", "UnknownError")


def test_every_browser_gets_its_own_words(browser: Browser, house: House) -> None:
    with somebody(browser, house, "ines") as ines:
        told = ines.page.evaluate(
            """async ([agents, errors]) => {
              const here = document.querySelector('script[src*="room/main.js"]').src.replace(/main[.]js.*/, "");
              const { browserOf, explain } = await import(here + "trouble.js");
              return Object.fromEntries(Object.entries(agents).map(([name, agent]) =>
                [name, [browserOf(agent), errors.map((error) => explain(error, "camera", browserOf(agent)))]]));
            }""",
            [AGENTS, ERRORS],
        )
    assert {name: known for name, (known, _) in told.items()} == {name: name for name in AGENTS}
    for _, words in told.values():
        assert all(each["title"] and each["steps"] and "camera" in each["title"] for each in words)
    assert len({str(words[0]["steps"]) for _, words in told.values()}) == len(AGENTS)


def test_the_door_opens_by_itself_when_it_is_time(browser: Browser, house: House) -> None:
    with somebody(browser, house, "ines") as ines:
        ines.page.add_init_script("""
            document.addEventListener("readystatechange", () => {
              if (document.readyState !== "interactive") return;
              document.getElementById("enter").disabled = true;
              document.getElementById("visit").dataset.opens = new Date(Date.now() + 60_000).toISOString();
            });
        """)
        ines.page.clock.install()
        ines.page.reload()
        expect(ines.page.locator("#enter")).to_be_disabled()
        ines.page.clock.fast_forward(61_000)
        expect(ines.page.locator("#enter-hint")).to_have_text("The room is open.")
        expect(ines.page.locator("#enter")).to_be_enabled()
