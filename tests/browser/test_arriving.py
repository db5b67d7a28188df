"""From the question where one is to the room: what the client says, the counselor sees; and the ways out of danger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from booking.models.appointments import Appointment
from practice.core.db import db
from tests import builders
from tests.booking.builders import an_appointment
from tests.browser.people import somebody
from tests.browser.rooms import House, let_in, running_house
from tests.video.builders import an_arrival

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
"""For what waits on packets: three windows, two servers and the rest of the suite share the processor."""


@pytest.fixture
def house(new_database: str, tmp_path: Path) -> Iterator[House]:
    """A web tier and a media server; Alice has not said where she is."""
    with running_house(new_database, tmp_path, _furnish) as running:
        yield running


def _furnish(house: House) -> None:
    with house.app.app_context():
        builders.a_practice()
        ines, alice = builders.a_counselor("Ines Calder"), builders.a_client("Alice Moreau")
        house.appointment_id = an_appointment(ines, alice, datetime.now(UTC) + timedelta(minutes=5)).id
        for person in (ines, alice):
            let_in(house, person)
        db.session.remove()


def _say_where(page: Page) -> None:
    page.get_by_label("Where you are").fill("7 Lake Street, Columbus")
    page.get_by_label("State or province").fill("Bavaria")
    page.get_by_label("A number to call you back on").fill("614 555 0142")
    page.get_by_label("Yes, I am alone").check()
    page.get_by_role("button", name="Go to the waiting room").click()
    expect(page.locator(".error-summary")).to_contain_text("Enter a state or province")
    page.get_by_label("State or province").fill("Ohio")
    page.get_by_role("button", name="Go to the waiting room").click()
    expect(page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()


def test_a_client_arrives_and_the_counselor_answers_for_it(browser: Browser, house: House) -> None:
    with somebody(browser, house, "alice") as alice, somebody(browser, house, "ines") as ines:
        expect(alice.page.locator("#network-words")).to_contain_text("there and back", timeout=PATIENCE_MS)
        alice.enter()
        _say_where(alice.page)
        expect(alice.page.locator("#waiting-text")).to_contain_text("is not in the room yet")
        ines.enter()
        expect(alice.page.locator("#waiting-seen")).to_be_visible()
        row = ines.page.locator(".admit-row")
        expect(row).to_contain_text("In Ohio, United States; alone and free to talk")
        expect(row).to_contain_text("None of your licences names Ohio")
        row.get_by_role("button", name="Write to Alice Moreau").click()
        row.get_by_role("button", name="In a moment").click()
        expect(alice.page.locator("#waiting-write")).to_contain_text("I will be with you in a moment")
        alice.page.get_by_label("Write to Ines Calder").fill("Thank you")
        alice.page.get_by_label("Write to Ines Calder").press("Enter")
        expect(row).to_contain_text("Alice Moreau: Thank you")
        row.get_by_role("button", name="Admit Alice Moreau").click()
        reason = ines.page.get_by_label("Why this is right today")
        reason.press("Enter")
        expect(ines.page.locator("#reason-error")).to_have_text("Write why you meet all the same.")
        reason.fill("Interstate compact privilege")
        reason.press("Enter")
        for person in (ines, alice):
            person.is_in()
        alice.sees("ines")
        for _ in range(3):
            alice.page.keyboard.press(".")
        expect(ines.page.locator("#alone")).to_contain_text("Alice Moreau is not alone any more")
        ines.page.locator("#alone-seen").click()
        ines.page.keyboard.press("e")
        expect(ines.page.locator("#emergency-panel")).to_contain_text("7 Lake Street, Columbus")
        alice.context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
        alice.page.keyboard.press("Escape")
        alice.page.keyboard.press("Escape")
        alice.page.wait_for_url("https://www.wikipedia.org/")
        expect(ines.page.locator("#stage-message")).to_have_text("Waiting for Alice Moreau")


def test_a_guest_is_let_in_by_hand_and_seen_by_both(browser: Browser, house: House) -> None:
    with house.app.app_context():
        an_arrival(db.session.get_one(Appointment, house.appointment_id))
        db.session.remove()
    with somebody(browser, house, "alice") as alice, somebody(browser, house, "ines") as ines:
        alice.enter()
        ines.enter()
        ines.page.get_by_role("button", name="Admit Alice Moreau").click()
        alice.sees("ines")
        ines.page.click("#open-more")
        ines.page.get_by_role("button", name="Ask somebody in").click()
        ines.page.get_by_label("Name", exact=True).fill("Ben")
        ines.page.get_by_label("Interpreter").check()
        ines.page.get_by_role("button", name="Make a link").click()
        link = ines.page.get_by_label("Link for Ben").input_value()
        ines.page.locator("#guests").get_by_role("button", name="Close").click()
        with somebody(browser, house, "ben", url=link) as ben:
            ben.page.get_by_role("button", name="Check camera and microphone").click()
            ben.enter()
            ines.page.get_by_role("button", name="Admit Ben (interpreter)").click()
            ben.is_in()
            for person in (ines, alice):
                seat = person.page.locator("[data-slot]:visible", has_text="Ben (interpreter)")
                expect(seat).to_be_visible(timeout=PATIENCE_MS)
                person.sees("ben", picture=f"[data-slot='{seat.get_attribute('data-slot')}'] video", within=60)
