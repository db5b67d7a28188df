"""A client keeps their safety plan on a device, opens it without a network, and leaves it by a tap."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from practice.demo import address
from practice.demo_people import PASSWORD
from tests.support.browsers import PHONE, complaints, window
from tests.support.crawling import sign_in
from tests.support.servers import RunningPractice

pytestmark = pytest.mark.browser


def test_a_plan_kept_on_a_device_opens_without_a_network_until_one_signs_out(
    live_app: RunningPractice, browser: Browser
) -> None:
    with window(browser, viewport=PHONE, reduced_motion="reduce") as context:
        page = context.new_page()
        heard = complaints(page)
        sign_in(page, live_app.url, address("alice"), PASSWORD)
        page.goto(f"{live_app.url}/safety-plan")
        keep = page.get_by_role("button", name="Keep it on this device")
        expect(keep).to_be_visible()
        page.goto(f"{live_app.url}/crisis")
        expect(page.get_by_role("link", name="Your own plan, kept on this device")).to_be_hidden()
        page.goto(f"{live_app.url}/safety-plan")
        keep.click()
        expect(page.get_by_text("is kept on this device and opens without")).to_be_visible()
        assert heard == []

        context.set_offline(offline=True)
        page.goto(f"{live_app.url}/safety-plan")
        expect(page.get_by_role("heading", level=1, name="Your plan, as kept here")).to_be_visible()
        expect(page.get_by_text("The playlist from the summer")).to_be_visible()
        expect(page.get_by_role("link", name="555 0117")).to_have_attribute("href", "tel:5550117")
        expect(page.get_by_role("link", name="Call 988")).to_be_visible()
        expect(page.get_by_role("link", name="Leave this site")).to_be_visible()
        context.set_offline(offline=False)
        heard.clear()

        page.goto(f"{live_app.url}/safety-plan/kept")
        expect(page.get_by_text("The playlist from the summer")).to_be_visible()
        assert Axe().run(page).violations_count == 0
        page.goto(f"{live_app.url}/crisis")
        page.get_by_role("link", name="Your own plan, kept on this device").click()
        expect(page.get_by_text("The playlist from the summer")).to_be_visible()

        page.goto(f"{live_app.url}/account")
        page.locator("form[action='/sign-out']").first.evaluate("form => form.requestSubmit()")
        page.wait_for_url(lambda url: "/account" not in url)
        page.goto(f"{live_app.url}/safety-plan/kept")
        expect(page.get_by_text("No plan is kept on this device")).to_be_visible()
        assert heard == []
