"""A real Chromium with a fake camera and microphone, and pages that fail a test when they complain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

A_WINDOWS_OWN_PAGES = (
    "InitialWebUI",
    "OmniboxPopupPreload",
    "WebUIBackForwardButton",
    "WebUIHomeButton",
    "WebUILocationBar",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    "WebUIReloadButton",
    "WebUISplitTabsButton",
    "WebUIToolbar",
)
"""Bars and buttons that Chromium draws as pages, in one more process for every window: half of a short test's time."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features="
    + ",".join(("WebRtcHideLocalIpsWithMdns", "OptimizationHints", "MediaRouter", "Translate", *A_WINDOWS_OWN_PAGES)),
)
PATIENCE = 20_000
"""Milliseconds a page may take on a busy machine; no test waits this long on a quiet one."""
expect.set_options(timeout=PATIENCE)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium, or the one that Playwright installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def chromium_showing(like: Browser, *films: Path) -> Iterator[tuple[Browser, ...]]:
    """Start one more Chromium for each film, beside one that runs; its fake camera plays that film."""
    with ExitStack() as stack:
        browsers = []
        for film in films:
            flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
            browsers.append(like.browser_type.launch(executable_path=installed(), args=flags))
            stack.callback(browsers[-1].close)
        yield tuple(browsers)


def installed() -> str | None:
    """Return the machine's Chromium; None leaves the choice to Playwright."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


ABOUT_THE_MACHINE = "was preloaded using link preload but not used within a few seconds"
"""Said of fonts that every page uses, when the machine is too busy to draw the page in that time."""


def complaints(page: Page) -> list[str]:
    """Collect from now on what the page's console complains about, and what it throws."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and ABOUT_THE_MACHINE not in message.text:
            heard.append(f"{page.url}: {message.text}")

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    return heard


@contextmanager
def window(browser: Browser, base_url: str = "", **options: object) -> Iterator[BrowserContext]:
    """Open a window of its own, with cookies of its own."""
    context = browser.new_context(base_url=base_url or None, **({"viewport": DESK} | options))  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()
