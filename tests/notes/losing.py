"""A counselor who writes while tabs, network and server die under her hands, and what she was told is safe.

Every few words something fails, chosen by a seed. Whatever the page has said is saved, or
kept on the device, must be there afterwards: in the page, and in the end on the server.
"""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Browser, BrowserContext, Error, Page, Route

from tests.builders import PASSWORD
from tests.support.browsers import window
from tests.support.phoenix import Phoenix

FAULTS = {
    "request lost": 28,
    "answer lost": 26,
    "offline": 18,
    "tab closed": 6,
    "tab crashed": 3,
    "page loaded anew": 3,
    "server killed": 16,
}
"""What happens to a hundred sentences."""
LONGER_THAN_ANY_WAIT = 31_000
TRIES = 120
REMEMBER = """() => {
  const field = document.querySelector("#subjective");
  const place = document.querySelector("[data-save-words]");
  globalThis.safe = "";
  new MutationObserver(() => {
    if (/^Saved \\d|kept on this device/.test(place.textContent.trim())) globalThis.safe = field.value;
  }).observe(place, { childList: true, characterData: true, subtree: true });
}"""
TYPE = """words => {
  const field = document.querySelector("#subjective");
  field.value += words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
HOLDS = """words => document.querySelector("form[data-mounted] #subjective")?.value.startsWith(words)"""
SAVED = """words => document.querySelector("#subjective").value === words
  && document.querySelector("[data-save-state]").dataset.state === "saved" """


class Losing:
    """One note, one window, and the faults that befall them."""

    def __init__(self, browser: Browser, server: Phoenix, note: str, email: str, seed: int) -> None:
        self.browser, self.server, self.note, self.email = browser, server, note, email
        self.chance = random.Random(seed)
        self.text = self.safe = ""
        self.count = 0
        self.fate = "taken"
        self.befell: Counter[str] = Counter()

    def run(self, faults: int) -> None:
        """Write through so many faults, and find all of it on another device in the end."""
        kinds = [kind for kind, times in FAULTS.items() for _ in range(times)]
        with window(self.browser) as desk:
            self.enter(desk)
            page = self._open(desk)
            order = [kind for _ in range(-(-faults // len(kinds))) for kind in self.chance.sample(kinds, len(kinds))]
            for number, kind in enumerate(order[:faults], 1):
                try:
                    page = self._through(kind, desk, page)
                except Exception as error:
                    error.add_note(f"after {self.befell.total()} faults, with {number}: {kind}")
                    raise
                self.befell[kind] += 1
            self._until_saved(page)
        with window(self.browser) as elsewhere:
            self.enter(elsewhere)
            page = self._open(elsewhere)
            assert page.locator("#subjective").input_value() == self.text

    def enter(self, desk: BrowserContext) -> None:
        """Sign in, with time that can be hurried and requests that can be lost."""
        desk.clock.install()
        desk.route("**/*.{css,woff2,svg}*", lambda route: route.abort())
        desk.on("page", lambda page: page.on("dialog", lambda dialog: dialog.accept()))
        page = desk.new_page()
        page.goto(f"{self.server.url}/sign-in")
        page.fill("input[name=email]", self.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.close()
        desk.route(self.note, self._carry)

    def _through(self, kind: str, desk: BrowserContext, page: Page) -> Page:
        """Write on, let one thing fail, and see that nothing that was called safe is gone."""
        self._write(page)
        if self.chance.random() < 0.3:
            self._until_saved(page)
            self._write(page)
        self._fail(kind, desk, page)
        if kind in {"tab closed", "tab crashed", "page loaded anew"}:
            page = self._open(desk) if kind != "page loaded anew" else self._arrive(page, page.reload)
        now = page.locator("#subjective").input_value()
        assert self.text.startswith(now), f"{kind}: {now[-40:]!r} was never typed"
        self.text = now
        if self.chance.random() < 0.3:
            self._until_saved(page)
        return page

    def _fail(self, kind: str, desk: BrowserContext, page: Page) -> None:
        if kind == "offline":
            desk.set_offline(True)
        if kind == "server killed" and self.chance.random() < 0.5:
            self.server.kill()
            self._pause(page)
        else:
            self.fate = kind
            self._pause(page)
            self.fate = "taken"
            if kind == "server killed":
                self.server.kill()
        if self.chance.random() < 0.5:
            self._write(page)
        self._note_what_is_safe(page)
        if kind == "server killed":
            self.server.rise()
        elif kind == "offline":
            desk.set_offline(False)
        elif kind == "tab closed":
            page.close(run_before_unload=False)
        elif kind == "tab crashed":
            with suppress(Error):
                page.goto("chrome://crash", timeout=3000)
            page.close()

    def _write(self, page: Page) -> None:
        words = ""
        for _ in range(self.chance.randint(1, 3)):
            self.count += 1
            words += f"{self.count} "
        page.evaluate(TYPE, words)
        self.text += words

    def _pause(self, page: Page) -> None:
        """Let the pause pass after which the page saves, and perhaps wait for what it says of it."""
        page.clock.fast_forward(1300)
        if self.chance.random() < 0.5:
            page.wait_for_function("() => globalThis.safe === document.querySelector('#subjective').value")

    def _note_what_is_safe(self, page: Page) -> None:
        self.safe = max(self.safe, page.evaluate("() => globalThis.safe"), key=len)

    def _until_saved(self, page: Page) -> None:
        """Hurry time along until the page has tried again and says that all of it is saved."""
        for _ in range(TRIES):
            page.clock.fast_forward(LONGER_THAN_ANY_WAIT)
            with suppress(Error):
                page.wait_for_function(SAVED, arg=self.text, timeout=500)
                self.safe = self.text
                return
        raise AssertionError(f"never saved; the page says {page.locator('[data-save-words]').inner_text()!r}")

    def _open(self, desk: BrowserContext) -> Page:
        page = desk.new_page()
        return self._arrive(page, lambda: page.goto(self.note))

    def _arrive(self, page: Page, go: Callable[[], object]) -> Page:
        go()
        page.wait_for_function(HOLDS, arg=self.safe)
        page.evaluate(REMEMBER)
        return page

    def _carry(self, route: Route) -> None:
        if route.request.method != "POST" or self.fate not in {"request lost", "answer lost"}:
            route.continue_()
            return
        if self.fate == "answer lost":
            with suppress(Error):
                route.fetch()
        route.abort()
