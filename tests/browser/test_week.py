"""The week under the hand and under the keys, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.calendars import Calendar, running_calendar
from tests.support.apps import migrate
from tests.support.browsers import complaints, window
from tests.support.databases import SqliteTemplate

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calendar]:
    """A week with a hundred half hours."""
    folder = tmp_path_factory.mktemp("calendar")
    with SqliteTemplate(folder, migrate).copy() as url, running_calendar(url, folder, sessions=95) as running:
        yield running


@pytest.fixture
def week(browser: Browser, calendar: Calendar) -> Iterator[Page]:
    """Her week, open; the console must not complain."""
    with window(browser) as context:
        calendar.sign_in(context)
        page = context.new_page()
        heard = complaints(page)
        page.goto(f"{calendar.url}/week")
        yield page
        assert heard == []


def test_a_session_is_dragged_stretched_and_put_back(week: Page) -> None:
    entry = week.locator(".week-day").nth(4).locator("a.week-entry").last
    name = entry.locator(".week-entry-name").inner_text()
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    assert box is not None
    with week.expect_response(re.compile("/places")):
        week.mouse.move(box["x"] + 30, box["y"] + 6)
        week.mouse.down()
    week.mouse.move(box["x"] + 30, box["y"] + 40, steps=3)
    expect(week.locator(".week-ghost")).to_contain_text("17:30")
    week.mouse.up()
    sheet = week.get_by_role("dialog")
    expect(sheet).to_contain_text("Friday 27 November, 17:30–17:55")
    expect(sheet).to_contain_text("Who is told")
    sheet.get_by_role("button", name="Move it").click()
    expect(week.locator(".toast")).to_contain_text(f"{name}: now Friday 27 November, 17:30")
    week.locator(".toast").get_by_role("button", name="Undo").click()
    expect(week.locator(".toast")).to_have_count(0)
    expect(week.locator(".flash")).to_contain_text("back where it was")


def test_a_finger_that_rests_on_a_session_moves_it_on_a_phone(browser: Browser, calendar: Calendar) -> None:
    with window(browser, viewport={"width": 390, "height": 844}, has_touch=True) as context:
        calendar.sign_in(context)
        page = context.new_page()
        heard = complaints(page)
        page.goto(f"{calendar.url}/week/day?day=2026-11-26")
        entry = page.locator("a.week-entry").last
        entry.scroll_into_view_if_needed()
        box = entry.bounding_box()
        assert box is not None
        finger = context.new_cdp_session(page)

        def touch(kind: str, down: float) -> None:
            points = [{"x": box["x"] + 90, "y": box["y"] + 8 + down}] if kind != "touchEnd" else []
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        with page.expect_response(re.compile("/places")):
            touch("touchStart", 0)
        expect(page.locator(".week-ghost")).to_contain_text("17:00")
        for down in (10, 25, 44):
            touch("touchMove", down)
        expect(page.locator(".week-ghost")).to_contain_text("17:30")
        touch("touchEnd", 44)
        expect(page.get_by_role("dialog")).to_contain_text("Thursday 26 November, 17:30–17:55")
        assert heard == []


def test_a_session_is_dragged_to_another_day_of_the_month(week: Page, calendar: Calendar) -> None:
    week.goto(f"{calendar.url}/month")
    entry = week.locator('.weeks-day[data-day="2026-11-27"] .weeks-entry[data-movable]').first
    entry.drag_to(week.locator('.weeks-day[data-day="2026-11-28"]'))
    expect(week.get_by_role("dialog")).to_contain_text("28 November")


def test_keys_move_stretch_give_up_and_create(week: Page) -> None:
    entry = week.locator(".week-day").nth(4).locator("a.week-entry").last
    entry.focus()
    said = week.locator("[data-say]")
    with week.expect_response(re.compile("/places")):
        week.keyboard.press("m")
    expect(said).to_contain_text(re.compile(r"Moving .*, now Friday 27 November, 17:00 to 17:25\. Arrow keys"))
    week.keyboard.press("ArrowDown")
    expect(said).to_have_text("Friday 27 November, 17:15 to 17:40")
    week.keyboard.press("Shift+ArrowDown")
    expect(said).to_have_text("Friday 27 November, 17:15 to 17:45")
    week.keyboard.press("Escape")
    expect(said).to_have_text("Nothing has changed.")
    expect(entry).to_be_focused()
    week.keyboard.press("ArrowUp")
    expect(week.locator("a.week-entry:focus")).to_have_attribute("data-from", "990")
    week.locator("[data-week]").focus()
    week.keyboard.press("Enter")
    expect(said).to_contain_text("Choose a place for a new session. Monday 23 November, 09:00")
    week.keyboard.press("ArrowRight")
    week.keyboard.press("Enter")
    expect(week.get_by_role("dialog").get_by_label("Day")).to_have_value("2026-11-24")
    client = week.get_by_role("combobox", name="Client")
    client.fill("noor")
    expect(week.locator("li[role=option]")).to_have_count(1)
    client.press("Enter")
    expect(client).to_have_value("Noor Rahman")
    week.get_by_role("button", name="Book it").click()
    expect(week.locator(".flash")).to_contain_text("is booked for Noor")
    week.wait_for_load_state()
    week.keyboard.press("/")
    week.keyboard.type("elif")
    expect(week.locator("li[role=option]")).to_have_count(1)
    week.keyboard.press("Enter")
    expect(week.locator(".week-found")).to_contain_text("Elif Demir")
