"""Two people and the house they meet in, for the tests of the room; and one Chromium for all modules here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.people import Pair, meet, somebody
from tests.browser.rooms import House, running_house
from tests.support.browsers import chromium
from tests.support.databases import SqliteTemplate
from tests.support.postgres import PostgresTemplate


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real Chromium, and no other: nothing here but Playwright needs the event loop, and each start takes seconds."""
    with chromium() as running:
        yield running


@pytest.fixture
def new_database(templates: dict[str, SqliteTemplate | PostgresTemplate]) -> Iterator[str]:
    """The address of a database for a house of a test's own."""
    with templates["sqlite"].copy() as address:
        yield address


@pytest.fixture(scope="module")
def house(
    templates: dict[str, SqliteTemplate | PostgresTemplate], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A web tier and a media server."""
    with templates["sqlite"].copy() as database, running_house(database, tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def windows(browser: Browser, house: House) -> Iterator[Pair]:
    """A window each for Ines and Alice, kept over the tests: opening them takes longest. No page may complain."""
    with somebody(browser, house, "ines") as ines, somebody(browser, house, "alice") as alice:
        yield ines, alice
        complaints = [line for line in ines.heard + alice.heard if "WebSocket connection" not in line]
        assert complaints == []


@pytest.fixture
def pair(windows: Pair, house: House) -> Pair:
    """Ines and Alice, in session."""
    meet(*windows, house)
    return windows
