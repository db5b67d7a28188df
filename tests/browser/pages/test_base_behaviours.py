"""What every page can do, in a real browser: schemes, menus, the quick way out; and the same without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from practice.demo import address
from practice.demo_people import PASSWORD
from tests.support.browsers import PHONE, window
from tests.support.crawling import sign_in
from tests.support.servers import RunningPractice

pytestmark = pytest.mark.browser

ELSEWHERE = re.compile(r"https://www\.wikipedia\.org/")


def neutral(route: Route) -> None:
    """Stand in for the neutral site."""
    route.fulfill(body="<!doctype html><title>Elsewhere</title><p>Elsewhere</p>", content_type="text/html")


def test_the_chosen_scheme_stays_over_pages(page: Page, live_app: RunningPractice) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(live_app.url)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{live_app.url}/crisis")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper


def test_the_menu_opens_on_a_phone_and_closes_with_escape(browser: Browser, live_app: RunningPractice) -> None:
    with window(browser, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(live_app.url)
        menu, link = page.get_by_role("button", name="Menu"), page.get_by_role("link", name="Sign in", exact=True)
        expect(link).to_be_hidden()
        menu.click()
        expect(link).to_be_visible()
        link.press("Escape")
        expect(link).to_be_hidden()
        expect(menu).to_be_focused()


def test_the_menu_is_open_where_there_is_no_javascript(browser: Browser, live_app: RunningPractice) -> None:
    with window(browser, viewport=PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_app.url)
        expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Leave this site")).to_be_visible()


@pytest.mark.parametrize("way", ["button", "escape twice"])
def test_leaving_quickly_leaves_no_way_back(browser: Browser, live_app: RunningPractice, way: str) -> None:
    with window(browser) as context:
        context.route(ELSEWHERE, neutral)
        page = context.new_page()
        page.goto(f"{live_app.url}/crisis")
        if way == "button":
            page.get_by_role("link", name="Leave this site").click()
        else:
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
        page.wait_for_url(ELSEWHERE)
        page.go_back()
        assert not page.url.startswith(live_app.url)


def test_escape_pressed_once_stays(page: Page, live_app: RunningPractice) -> None:
    page.goto(f"{live_app.url}/crisis")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Help right now")


def test_a_typed_password_can_be_looked_at(page: Page, live_app: RunningPractice) -> None:
    page.goto(f"{live_app.url}/sign-in")
    password = page.get_by_label("Password", exact=True)
    password.fill("correct horse")
    page.get_by_role("button", name="Show what is typed").click()
    expect(password).to_have_attribute("type", "text")


def test_what_cannot_be_undone_is_asked_about_first(page: Page, live_app: RunningPractice) -> None:
    sign_in(page, live_app.url, address("ines"), PASSWORD)
    page.goto(f"{live_app.url}/profile")
    dialog = page.get_by_role("dialog", name="Are you sure?")
    page.get_by_role("button", name="Take it offline").click()
    dialog.get_by_role("button", name="Go back").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Take it offline").click()
    dialog.get_by_role("button", name="Take it offline").click()
    expect(page.get_by_role("status").filter(has_text="no longer shown")).to_be_visible()
    page.get_by_role("button", name="Make it public").click()
    expect(page.get_by_role("button", name="Take it offline")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("path", ["/", "/crisis", "/sign-in", "/nowhere"])
def test_no_page_is_wider_than_its_window(browser: Browser, live_app: RunningPractice, path: str, width: int) -> None:
    with window(browser, viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(live_app.url + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
