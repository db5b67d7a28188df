"""A held time is kept by its page and freed soon after that is left, except for going on to pay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from practice.demo import address
from practice.demo_people import PASSWORD
from tests.support.crawling import sign_in
from tests.support.servers import RunningPractice, until

pytestmark = pytest.mark.browser


def test_leaving_shortens_the_hold_and_coming_back_or_paying_keeps_it(page: Page, live_app: RunningPractice) -> None:
    sign_in(page, live_app.url, address("chloe"), PASSWORD)
    page.goto(f"{live_app.url}/counselors")
    page.get_by_role("link", name="Mateo").first.click()
    page.get_by_role("link", name="Individual session").click()
    page.locator("button.time").first.click()
    line = page.locator("[data-hold-left]")
    expect(line).to_contain_text("minutes left")
    here = page.url

    def kept_until() -> str:
        found = re.search(r'data-until="([^"]+)"', page.context.request.get(here).text())
        assert found is not None
        return found[1]

    promised = kept_until()
    page.reload()
    expect(line).to_contain_text("minutes left")
    until(lambda: kept_until() == promised, what="the reload's word")
    page.goto(f"{live_app.url}/crisis")
    until(lambda: kept_until() < promised, what="the leaving's word")
    page.go_back()
    until(lambda: kept_until() == promised, what="the way back")
    page.get_by_role("button", name="Pay $").click()
    page.wait_for_url(lambda url: not url.startswith(live_app.url))
    assert kept_until() == promised
