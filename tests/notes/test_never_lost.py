"""Tabs, network and server die under a note, its writer goes away, and no character that was called safe is gone."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from practice.core.db import db
from practice.passwords import hashed
from tests import builders
from tests.notes.losing import FAULTS, Losing
from tests.notes.scenes import a_session
from tests.support.apps import make_app, settings_for
from tests.support.browsers import window
from tests.support.databases import SqliteTemplate
from tests.support.phoenix import Phoenix
from tests.support.postgres import PostgresTemplate

pytestmark = pytest.mark.browser
EMAIL = "ines@example.org"


@dataclass(frozen=True)
class House:
    """A practice whose server dies and rises, and two sessions to write about."""

    server: Phoenix
    notes: tuple[str, ...]


@pytest.fixture(scope="module")
def house(
    templates: dict[str, SqliteTemplate | PostgresTemplate], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with templates["sqlite"].copy() as database:
        app = make_app(settings_for(database, folder))
        with app.app_context():
            builders.a_practice(lock_minutes=240)  # longer than a page waits before it tries again
            ines, alice = builders.a_counselor(password_hash=hashed(builders.PASSWORD)), builders.a_client()
            paths = [f"/appointments/{a_session(ines, alice).id}/note" for _ in range(2)]
            db.engine.dispose()
        server = Phoenix(database, folder)
        yield House(server, tuple(server.url + path for path in paths))
        server.end()


def test_a_hundred_deaths_of_tab_network_and_server_lose_nothing_that_was_called_safe(
    browser: Browser, house: House
) -> None:
    seed = secrets.randbelow(1_000_000)
    losing = Losing(browser, house.server, house.notes[0], EMAIL, seed)
    try:
        losing.run(100)
    except Exception as error:
        error.add_note(f"the same again: python -m bench.drafts --seed {seed}")
        raise
    assert losing.befell == FAULTS


def test_a_page_nobody_uses_covers_itself_and_keeps_the_work(browser: Browser, house: House) -> None:
    with window(browser) as desk:
        Losing(browser, house.server, house.notes[1], EMAIL, 0).enter(desk)
        page = desk.new_page()
        page.goto(house.notes[1])
        expect(page.locator("form[data-mounted]")).to_be_visible()
        page.fill("#subjective", "Came in from the rain.")
        with page.expect_response("**/lock"):
            page.clock.fast_forward(241 * 60_000)
        expect(page.get_by_role("heading", name="Covered")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.get_by_role("heading", name="Covered")).to_be_visible()
        other = desk.new_page()
        other.goto(f"{house.server.url}/notes")
        expect(other.get_by_role("heading", level=1)).to_have_text("Locked")
        other.close()
        _go_on(page, "not my password")
        expect(page.locator("[data-cover-words]")).to_have_text("That is not your password.")
        desk.set_offline(True)
        _go_on(page, builders.PASSWORD)
        expect(page.locator("[data-cover-words]")).to_contain_text("Your words are kept")
        desk.set_offline(False)
        _go_on(page, builders.PASSWORD)
        expect(page.locator("#cover")).to_be_hidden()
        expect(page.locator("#subjective")).to_have_value("Came in from the rain.")
        page.reload()
        expect(page.locator("#cover")).to_be_hidden()
        expect(page.locator("#subjective")).to_have_value("Came in from the rain.")


def _go_on(page: Page, password: str) -> None:
    page.fill("#cover-password", password)
    page.get_by_role("button", name="Go on").click()
