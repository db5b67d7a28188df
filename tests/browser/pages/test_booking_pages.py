"""The week, the hours and the picker in a real browser, and the same without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from practice.demo import address
from practice.demo_people import PASSWORD
from tests.support.browsers import PHONE, window
from tests.support.crawling import sign_in
from tests.support.servers import RunningPractice

pytestmark = pytest.mark.browser


def as_ines(page: Page, live_app: RunningPractice, path: str) -> None:
    """Open a page as the counselor."""
    sign_in(page, live_app.url, address("ines"), PASSWORD)
    page.goto(live_app.url + path)


def test_a_session_opens_beside_the_week_and_keys_turn_it(page: Page, live_app: RunningPractice) -> None:
    as_ines(page, live_app, "/week")
    heading = page.get_by_role("heading", level=1).inner_text()
    entry = page.locator("a.week-entry").first
    name = entry.locator(".week-entry-name").inner_text()
    entry.click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(name)
    expect(page).to_have_url(re.compile(r"/week$"))
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(r"/week\?day="))
    page.wait_for_load_state()
    page.keyboard.press("t")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_entries_stand_where_their_time_is(page: Page, live_app: RunningPractice) -> None:
    as_ines(page, live_app, "/week")
    hours = page.locator(".week-hour").all()
    step = page.evaluate("([a, b]) => b.offsetTop - a.offsetTop", [hour.element_handle() for hour in hours[:2]])
    for entry in page.locator("a.week-entry").all()[:6]:
        begins = re.match(r"(\d\d):(\d\d)", entry.locator(".week-entry-time").inner_text())
        assert begins is not None
        first = int(hours[0].inner_text()[:2])
        expected = (int(begins[1]) + int(begins[2]) / 60 - first) * step
        offset = page.evaluate(
            "([a, b]) => a.offsetTop - b.offsetTop", [entry.element_handle(), hours[0].element_handle()]
        )
        assert abs(offset - expected) < 2


def test_the_week_is_a_list_of_days_on_a_phone(browser: Browser, live_app: RunningPractice) -> None:
    with window(browser, viewport=PHONE) as context:
        page = context.new_page()
        as_ines(page, live_app, "/week")
        expect(page.locator(".week-hours")).to_be_hidden()
        expect(page.locator("a.week-entry").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_row_of_hours_is_added_in_place_and_takes_the_focus(page: Page, live_app: RunningPractice) -> None:
    as_ines(page, live_app, "/hours")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Add hours on Sunday").click()
    expect(page.get_by_label("Sunday from")).to_be_focused()
    assert page.evaluate("window.stayed") is True


def test_a_row_of_hours_is_added_without_javascript_too(browser: Browser, live_app: RunningPractice) -> None:
    with window(browser, java_script_enabled=False) as context:
        page = context.new_page()
        as_ines(page, live_app, "/hours")
        page.get_by_role("button", name="Add hours on Sunday").click()
        expect(page.get_by_label("Sunday from")).to_have_value("09:00")


def test_times_are_on_the_clock_of_a_strangers_browser(browser: Browser, live_app: RunningPractice) -> None:
    with window(browser, timezone_id="Asia/Tokyo") as context:
        page = context.new_page()
        page.goto(f"{live_app.url}/counselors")
        expect(page.locator(".zone-line").first).to_contain_text("Tokyo time")
        page.locator(".person-card-link").first.click()
        expect(page.locator(".zone-line").first).to_contain_text("Tokyo time")
        page.locator(".zone-picker summary").click()
        page.get_by_label("Show times in").select_option("Europe/Berlin")
        expect(page.locator(".zone-line").first).to_contain_text("Berlin time")


def test_wishes_narrow_the_directory_without_leaving_the_page(page: Page, live_app: RunningPractice) -> None:
    page.goto(f"{live_app.url}/counselors")
    before = page.locator(".person-card").count()
    page.evaluate("window.stayed = true")
    page.get_by_label("I would like help with").select_option(index=1)
    expect(page).to_have_url(re.compile("specialty="))
    expect(page.locator(".person-card")).not_to_have_count(before)
    assert page.evaluate("window.stayed") is True


def test_a_strangers_choice_leads_to_signing_in_and_back(browser: Browser, live_app: RunningPractice) -> None:
    with window(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_app.url}/counselors")
        page.locator(".person-card-link").first.click()
        page.locator("a.time").first.click()
        expect(page).to_have_url(re.compile("/sign-in"))
        page.fill("input[name=email]", address("alice"))
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")


def test_a_series_is_booked_by_keyboard_without_a_date_that_is_left_out(page: Page, live_app: RunningPractice) -> None:
    as_ines(page, live_app, "/series")
    page.get_by_label("Book a series for").select_option(label="Noor Haddad")
    page.get_by_role("button", name="Choose the rhythm").press("Enter")
    first = datetime.now(ZoneInfo("Europe/Berlin")).date() + timedelta(days=60)
    while first.weekday():
        first += timedelta(days=1)
    page.locator("#first_on").fill(first.isoformat())
    page.locator("#at").fill("09:00")
    page.locator("#sessions").fill("3")
    page.get_by_role("button", name="Look at the dates").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at the dates")
    page.locator(".series-date").nth(1).get_by_role("checkbox").press("Space")
    page.get_by_role("button", name="Book these dates").press("Enter")
    expect(page.locator("#ahead ~ ol > li")).to_have_count(2)
