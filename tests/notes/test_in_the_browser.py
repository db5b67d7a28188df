"""The editor in a real browser: saves at a pause, keeps words when the server is away, never overwrites."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Route, expect

from tests.notes.editing import KEEP_NO_MORE, KEPT_HERE, KEYRING, RAW, Practice, a_practice, editor, heard, state
from tests.support.browsers import window
from tests.support.databases import SqliteTemplate
from tests.support.postgres import PostgresTemplate
from tests.support.servers import until
from tests.support.vaults import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def practice(templates: dict[str, SqliteTemplate | PostgresTemplate], tmp_path: Path) -> Iterator[Practice]:
    """A running practice with one session to write about."""
    with a_practice(templates, tmp_path) as running:
        yield running


@pytest.fixture
def desk(browser: Browser, practice: Practice) -> Iterator[BrowserContext]:
    """A window in which Ines is signed in."""
    with window(browser) as context:
        practice.sign_in(context)
        yield context


def test_a_pause_in_typing_saves(desk: BrowserContext, practice: Practice) -> None:
    page = editor(desk, practice)
    page.locator("#subjective").press_sequentially("Came in from the rain.", delay=5)
    heard(page, "Not saved yet")
    until(lambda: practice.saved() == "Came in from the rain.")
    state(page, "Saved ")
    expect(page.locator("[data-note-count]")).to_have_text("5 words")
    page.locator("#subjective").press_sequentially(" Laughing.", delay=5)
    until(lambda: practice.saved() == "Came in from the rain. Laughing.")
    state(page, "Saved ")


def test_two_tabs_get_both_texts_to_choose_from(desk: BrowserContext, practice: Practice) -> None:
    first, second = editor(desk, practice), editor(desk, practice)
    first.fill("#plan", "From the first tab.")
    state(first, "Saved ")
    second.fill("#plan", "From the second tab.")
    state(second, KEPT_HERE)
    assert practice.saved("plan") == "From the first tab."
    second.get_by_role("button", name="Compare both versions").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Two versions of this note")
    second.get_by_role("button", name="Save my choice").click()
    expect(second.locator("#plan")).to_have_value("From the first tab.\n\nFrom the second tab.")
    assert practice.saved("plan") == "From the first tab.\n\nFrom the second tab."
    second.reload()
    expect(second.locator("#plan")).to_have_value("From the first tab.\n\nFrom the second tab.")


def test_words_typed_without_a_connection_survive_a_closed_tab_sealed(desk: BrowserContext, practice: Practice) -> None:
    page = editor(desk, practice)
    desk.set_offline(True)
    page.fill("#subjective", "Typed in a tunnel.")
    state(page, KEPT_HERE)
    kept = page.evaluate(RAW)
    assert kept["extractable"] is False
    assert kept["stored"]
    assert "tunnel" not in kept["stored"]
    page.close(run_before_unload=False)
    desk.set_offline(False)
    assert practice.saved() == ""
    again = editor(desk, practice)
    expect(again.locator("#subjective")).to_have_value("Typed in a tunnel.")
    expect(again.locator("[data-note-help-words]")).to_contain_text("They are back")
    state(again, "Saved ")
    assert practice.saved() == "Typed in a tunnel."
    assert again.evaluate(RAW)["stored"] == ""


def test_the_page_goes_on_trying_and_saves_when_the_connection_is_back(
    desk: BrowserContext, practice: Practice
) -> None:
    page = editor(desk, practice)
    desk.set_offline(True)
    page.fill("#subjective", "Typed in a tunnel.")
    state(page, KEPT_HERE)
    desk.set_offline(False)
    state(page, "Saved ")
    expect(page.locator("[data-note-help]")).to_be_hidden()
    assert practice.saved() == "Typed in a tunnel."


def test_after_the_sign_in_ended_words_stay_and_are_saved_after_signing_in_again(
    desk: BrowserContext, practice: Practice
) -> None:
    page = editor(desk, practice)
    desk.clear_cookies()
    page.fill("#subjective", "Still here.")
    state(page, KEPT_HERE)
    expect(page.locator("[data-note-help-words]")).to_contain_text("no longer signed in")
    link = page.get_by_role("link", name="Sign in in a new tab")
    assert "/sign-in" in str(link.get_attribute("href"))
    expect(page.locator("#subjective")).to_have_value("Still here.")
    practice.sign_in(desk)
    page.get_by_role("button", name="Try again").click()
    state(page, "Saved ")
    assert practice.saved() == "Still here."


def test_a_page_with_unsaved_words_asks_before_it_goes(desk: BrowserContext, practice: Practice) -> None:
    page = editor(desk, practice)
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.route(practice.address, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("#subjective").press_sequentially("Un", delay=5)
    state(page, KEPT_HERE)
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    expect(editor(desk, practice).locator("#subjective")).to_have_value("Un")
    assert asked == ["beforeunload"]


def test_an_older_draft_on_the_device_never_covers_what_the_tab_saved_in_leaving(
    desk: BrowserContext, practice: Practice
) -> None:
    page = editor(desk, practice)
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill("#subjective", "U")
    page.evaluate(KEEP_NO_MORE)
    page.fill("#subjective", "Un")
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    until(lambda: practice.saved() == "Un")
    again = editor(desk, practice)
    expect(again.locator("[data-save-words]")).to_contain_text("Saved ")
    again.fill("#plan", "Walks.")
    until(lambda: practice.saved("plan") == "Walks.")
    assert practice.saved() == "Un"


def test_a_draft_outlives_a_save_that_ends_while_the_next_page_is_on_its_way(
    desk: BrowserContext, practice: Practice
) -> None:
    page = editor(desk, practice)
    saving: list[Route] = []
    page.route(practice.address, lambda route: saving.append(route))  # noqa: PLW0108 -- the library marks what it is given
    page.fill("#subjective", "Came in from the rain.")
    state(page, "Saving")
    page.evaluate("() => { dispatchEvent(new Event('beforeunload', { cancelable: true })); }")
    saving.pop().continue_()
    page.unroute(practice.address)
    state(page, "Saved ")
    assert page.evaluate(RAW)["stored"], "the page on its way may have been made before these words arrived"
    again = editor(desk, practice)
    expect(again.locator("#subjective")).to_have_value("Came in from the rain.")
    until(lambda: not again.evaluate(RAW)["stored"], what="the draft of words that have arrived")


def test_another_layout_carries_the_words_over(desk: BrowserContext, practice: Practice) -> None:
    page = editor(desk, practice)
    page.fill("#subjective", "Tired.")
    page.fill("#plan", "Walks.")
    page.select_option("#becomes", "dap")
    expect(page.locator("#data")).to_have_value("Tired.")
    expect(page.locator("#plan")).to_have_value("Walks.")


def test_signing_out_leaves_no_draft_and_no_key_of_them_on_the_device(desk: BrowserContext, practice: Practice) -> None:
    page = editor(desk, practice)
    page.route(practice.address, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.fill("#subjective", "Not for the next person.")
    state(page, KEPT_HERE)
    page.evaluate(KEYRING)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{practice.url}/")
    assert [each["name"] for each in page.evaluate("indexedDB.databases()")] == ["stillpoint-keyring-1"]


def test_a_snippet_expands_locked_notes_open_in_place_and_an_addendum_outlives_its_tab(
    desk: BrowserContext, practice: Practice
) -> None:
    page = editor(desk, practice)
    page.locator("#subjective").press_sequentially(";sleep now", delay=5)
    expect(page.locator("#subjective")).to_have_value("Slept through. now")
    state(page, "Saved ")
    practice.lock()
    page.fill("#subjective", "Slept through.")
    expect(page.locator("[data-note-help-words]")).to_contain_text("Your notes are locked")
    password = page.get_by_label("Your password").and_(page.locator("#note-password"))
    for said, words in (("not your password", "wrong words"), ("", PASSWORD)):
        password.fill(words)
        password.press("Enter")
        expect(page.locator("[data-note-unlock-trouble]")).to_contain_text(said)
    state(page, "Saved ")
    expect(password).to_be_hidden()
    assert practice.saved() == "Slept through."
    page.get_by_role("button", name="Review and sign").click()
    page.get_by_role("button", name="Sign and lock").click()
    page.get_by_label("Addendum").fill("She rang.")
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    signed = page.url
    page.close(run_before_unload=False)
    again = desk.new_page()
    again.goto(signed)
    expect(again.get_by_label("Addendum")).to_have_value("She rang.")
    expect(again.get_by_text("It is back.")).to_be_visible()
    again.get_by_role("button", name="Add", exact=True).click()
    expect(again.get_by_role("heading", name="Addendum 1")).to_be_visible()
    expect(again.get_by_label("Addendum", exact=True)).to_have_value("")
    expect(again.get_by_text("It is back.")).to_be_hidden()


def test_beside_the_video_the_editor_saves_in_place(desk: BrowserContext, practice: Practice) -> None:
    page = desk.new_page()
    page.goto(f"{practice.url}/notes")
    target = f"{practice.address}?beside=1"
    page.evaluate(
        "(url) => { const place = document.createElement('div'); document.querySelector('main').append(place);"
        " return htmx.ajax('GET', url, { target: place, swap: 'innerHTML' }); }",
        target,
    )
    expect(page.locator("form[data-mounted]")).to_be_visible()
    page.fill("#subjective", "During the session.")
    state(page, "Saved ")
    assert practice.saved() == "During the session."
    page.select_option("#becomes", "free")
    expect(page.locator("#text")).to_contain_text("During the session.")
    page.fill("#text", "In free words.")
    state(page, "Saved ")
    assert practice.saved("text") == "In free words."
    assert page.url == f"{practice.url}/notes"
