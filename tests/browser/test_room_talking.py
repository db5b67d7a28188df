"""What two people in session see, hear, write and switch off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import Pair, Somebody
from tests.browser.together import A_RECOGNISER, A_TAB_THAT_SOUNDS, HAS_SOFT_EDGES

pytestmark = pytest.mark.browser


def test_chat_marks_what_is_unread(pair: Pair) -> None:
    ines, alice = pair
    for person in pair:  # nothing written before is on their pages then
        person.page.reload()
        person.is_in()
    alice.writes("Good morning <b>Ines</b>")
    expect(ines.page.locator("#unread")).to_have_text("1")
    ines.page.click('[data-side="chat"]')
    expect(ines.page.locator(".bubble-theirs p")).to_have_text("Good morning <b>Ines</b>")
    expect(ines.page.locator("#unread")).to_be_hidden()
    ines.writes("Good morning")
    expect(alice.page.locator(".bubble-theirs p")).to_have_text("Good morning")
    ines.writes("One line\n" * 60)
    expect(ines.page.locator(".bubble-mine")).to_have_count(2)
    for person in pair:
        assert person.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_a_file_goes_from_page_to_page(pair: Pair) -> None:
    ines, alice = pair
    letter = {"name": "letter.txt", "mimeType": "text/html", "buffer": b"<p>Dear Ines</p>" * 20_000}
    alice.page.click('[data-side="chat"]')
    alice.page.set_input_files("#chat-file", files=[letter])  # type: ignore[list-item]  # a typed dict
    ines.page.click('[data-side="chat"]')
    with ines.page.expect_download() as saved:
        ines.page.get_by_role("link", name="Save letter.txt").click()
    assert saved.value.path().read_bytes() == letter["buffer"]


def test_captions_are_written_where_the_words_are_spoken(pair: Pair) -> None:
    ines, alice = pair
    alice.page.evaluate(A_RECOGNISER)
    ines.page.locator("body").press("t")
    expect(ines.page.locator("#captions")).to_contain_text("Alice Moreau: I slept better (audio)")
    expect(alice.page.locator("#toast")).to_contain_text("Ines Calder reads along")
    ines.page.locator("body").press("t")


def test_the_background_is_softened_before_it_leaves(pair: Pair) -> None:
    ines, alice = pair
    _set_in_devices(alice, "#soften", on=True)
    ines.page.wait_for_function(HAS_SOFT_EDGES)
    _set_in_devices(alice, "#soften", on=False)
    ines.sees("alice")


def test_the_noise_around_is_quietened_unless_somebody_plays_music(pair: Pair) -> None:
    ines, alice = pair
    asked = "(quiet) => window.wishes.findLast((each) => each.audio).audio.noiseSuppression === quiet"
    alice.page.wait_for_function(asked, arg=True)
    _set_in_devices(alice, "#quieten", on=False)
    alice.page.wait_for_function(asked, arg=False)
    ines.hears()
    _set_in_devices(alice, "#quieten", on=True)
    alice.page.wait_for_function(asked, arg=True)


def test_camera_and_microphone_are_switched_off_for_real(pair: Pair) -> None:
    ines, alice = pair
    ines.sees("alice")
    alice.page.locator("body").press("v")
    expect(ines.page.locator("#remote-face")).to_be_visible()
    assert alice.page.evaluate("cameras.every(track => track.readyState === 'ended')")
    ines.sees_nobody_move()
    ines.hears()
    alice.page.locator("body").press("m")
    expect(ines.page.locator("#remote-muted")).to_be_visible()
    expect(alice.page.locator("#announcer")).to_have_text("You are muted")
    ines.hears_nothing()
    alice.page.locator("body").press("v")
    expect(ines.page.locator("#remote-face")).to_be_hidden()
    ines.sees("alice")


def test_another_microphone_is_heard_at_once(pair: Pair) -> None:
    ines, alice = pair
    alice.page.click("#open-more")
    alice.page.click("#open-devices")
    microphones = alice.page.locator("#call-microphone option")
    assert microphones.count() > 1
    alice.page.select_option("#call-microphone", index=1)
    expect(alice.page.locator("#check-microphone")).to_have_value(str(microphones.nth(1).get_attribute("value")))
    alice.page.click("#devices button")
    ines.hears()
    ines.sees("alice")


def test_a_shared_tab_is_heard_though_its_owner_is_muted(pair: Pair) -> None:
    ines, alice = pair
    alice.page.locator("body").press("m")
    ines.hears_nothing()
    alice.page.evaluate(A_TAB_THAT_SOUNDS)
    alice.page.locator("body").press("s")
    expect(alice.page.locator("#sharing-words")).to_have_text("You are sharing your screen with its sound")
    ines.hears()
    alice.page.click("#stop-sharing")
    ines.hears_nothing()


def test_the_picture_goes_into_a_small_window_and_back(pair: Pair) -> None:
    ines, _ = pair
    ines.sees("alice")
    ines.page.locator("body").press("p")
    ines.page.wait_for_function("() => document.pictureInPictureElement?.id === 'remote-video'")
    ines.page.locator("body").press("p")
    ines.page.wait_for_function("() => !document.pictureInPictureElement")


def _set_in_devices(person: Somebody, switch: str, *, on: bool) -> None:
    person.page.locator("body").press("d")
    person.page.set_checked(switch, on)
    person.page.click("#devices button")
