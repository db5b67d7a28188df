"""Three people in one room: each sees and hears the two others, and they do things together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from booking.groups import services as groups
from practice.core.db import db
from tests import builders
from tests.booking.group_builders import a_group, a_group_service
from tests.browser import together
from tests.browser.people import somebody
from tests.browser.rooms import House, let_in, running_house
from tests.browser.ways import Ways, open_ways
from tests.video.builders import an_arrival

pytestmark = pytest.mark.browser

OTHERS = "[data-slot]:visible"
SECOND = "[data-slot='1'] video"


@pytest.fixture
def house(new_database: str, tmp_path: Path) -> Iterator[House]:
    """A web tier and a media server, with a group about to begin."""
    with running_house(new_database, tmp_path, _furnish) as running:
        yield running


@pytest.fixture
def ways() -> Iterator[Ways]:
    """A network that can become weak, for whoever's page is told to go by it."""
    with open_ways() as opened:
        opened.is_on = True
        yield opened


def _furnish(house: House) -> None:
    now = datetime.now(UTC)
    with house.app.app_context():
        builders.a_practice()
        ines = builders.a_counselor("Ines Calder")
        session = a_group(a_group_service(ines, price_cents=0), now + timedelta(minutes=5), now)
        for client in (builders.a_client("Alice Moreau"), builders.a_client("Ben Okafor")):
            seat = groups.add(session, client, payer=None, now=now)
            an_arrival(seat)
            house.appointment_id = seat.id
            let_in(house, client)
        let_in(house, ines)
        db.session.commit()
        db.session.remove()


def test_each_of_three_sees_the_two_others(browser: Browser, house: House, ways: Ways) -> None:
    bens, way = house.appointment_id, together.ANOTHER_WAY.replace("PORT", str(ways.to_room(house.settings.media_port)))
    with (
        somebody(browser, house, "ines", script=together.GOES_BY_LOSS) as ines,
        somebody(browser, house, "ben", script=way) as ben,
    ):
        house.appointment_id = bens - 1
        with somebody(browser, house, "alice") as alice:
            for person in (ines, alice, ben):
                person.enter()
            for name in ("Alice", "Ben"):
                ines.page.get_by_role("button", name=f"Admit {name}", exact=True).click()
            for person in (ines, alice, ben):
                person.is_in()
                expect(person.page.locator(OTHERS)).to_have_count(2)
            large = "alice" if ines.page.locator("#remote-name").inner_text() == "Alice" else "ben"
            ines.sees(large)
            ines.sees("ben" if large == "alice" else "alice", picture=SECOND)
            on_stage = alice.page.locator("#remote-name").inner_text()
            assert {on_stage, alice.page.locator("[data-slot='1'] .seat-person").inner_text()} == {"Ines Calder", "Ben"}
            alice.sees("ben", picture="#remote-video" if on_stage == "Ben" else SECOND)
            together.they_change_what_is_large(ines)
            together.a_hand_is_raised_and_lowered(ines, ben)
            together.they_use_the_whiteboard(ines, ben)
            alice.page.click("#board-hide")
            together.a_screen_is_shared(ines, ben)
            together.everybody_else_is_muted(ines, alice, ben)
            together.one_weak_way_is_spared(alice, ben, ways)
            together.one_is_shown_out(ines, ben)
            for person, other in ((ines, "alice"), (alice, "ines")):
                expect(person.page.locator(OTHERS)).to_have_count(1)
                person.sees(other)
            alice.page.click("#open-leave")
            alice.page.click("#leave button[value=leave]")
            expect(ines.page.locator(OTHERS)).to_have_count(0)
