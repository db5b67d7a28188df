"""The whole visit, in the room: waiting, seeing and hearing each other, writing."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.films import colour_seen, frames_seen
from tests.support.servers import until

WORDS = "Alma spoke of the move to the coast and of sleeping better since."


def enter_and_wait(alma: Page) -> None:
    """Two taps from the appointment: to the device check, and in."""
    alma.goto(urlsplit(alma.url).path.removesuffix("/confirmation"))
    alma.get_by_role("link", name="Go to the room").click()
    expect(alma.locator("#check-video")).to_be_visible()
    until(lambda: frames_seen(alma, "#check-video") > 3, what="the live picture")
    alma.get_by_role("button", name="Enter the room").click()
    say_where(alma)
    expect(alma.get_by_text("You are in the waiting room")).to_be_visible()


def say_where(alma: Page) -> None:
    """Before going in, the place, a number, and whether one is alone."""
    alma.get_by_label("Where you are").fill("3 Pier Road")
    alma.get_by_label("State or province").fill("NY")
    alma.get_by_label("Country").select_option("US")
    alma.get_by_label("A number to call you back on").fill("(212) 555-0142")
    alma.get_by_label("Yes, I am alone").check()
    alma.get_by_role("button", name="Go to the waiting room").click()


def enter_and_admit(noor: Page) -> None:
    """The counselor comes by way of today and lets the client in."""
    noor.goto("/today")
    noor.get_by_role("link", name="Go to the room").first.click()
    noor.get_by_role("button", name="Enter the room").click()
    noor.get_by_role("button", name="Admit").click()


def they_see_each_other(noor: Page, alma: Page) -> None:
    """Each decodes the other's picture: the colour is the other's, and it moves."""
    for page, other_is_red in ((noor, True), (alma, False)):
        expect(page.locator("#remote-video")).to_be_visible()
        until(lambda page=page: frames_seen(page, "#remote-video") > 20, what="twenty frames")
        red, green, _ = colour_seen(page, "#remote-video")
        assert (red > green + 30) is other_is_red, (red, green)
        before = frames_seen(page, "#remote-video")
        until(lambda page=page, before=before: frames_seen(page, "#remote-video") > before + 5, what="more frames")


def they_chat(noor: Page, alma: Page) -> None:
    """A line goes each way."""
    for sender, reader, words in ((alma, noor, "I can hear you well"), (noor, alma, "Good, let us begin")):
        _open_chat(sender)
        sender.locator("#chat-text").fill(words)
        sender.locator("#chat-text").press("Enter")
        _open_chat(reader)
        expect(reader.locator("#chat")).to_contain_text(words)
    alma.locator("#close-side").click()


def write_beside(noor: Page) -> None:
    """The counselor writes beside the picture, and it saves itself."""
    noor.locator("[data-side=note]").click()
    noor.get_by_label("Subjective").fill(WORDS)
    expect(noor.locator("[data-save-state][data-state=saved]")).to_contain_text("Saved", timeout=15_000)


def leave(page: Page) -> None:
    """Leave the room in two deliberate presses."""
    page.locator("#open-leave").click()
    page.locator("#leave").get_by_role("button", name="Leave").click()
    expect(page.get_by_text("You have left the session")).to_be_visible()


def _open_chat(page: Page) -> None:
    button = page.locator("[data-side=chat]")
    if button.get_attribute("aria-pressed") != "true":
        button.click()
