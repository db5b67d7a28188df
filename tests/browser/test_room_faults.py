"""Pages, paths and media servers die, for real: what both people see until they are replaced."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from practice.core.db import db
from tests.browser.people import Pair, meet, somebody
from tests.browser.rooms import House, events_of, running_house
from tests.browser.ways import open_ways
from tests.support.servers import until
from video.models import MediaServer, Placement

pytestmark = pytest.mark.browser

GRACE_SECONDS = 10
"""After which a server that does not stop by itself would be killed."""

WATCH_THE_STAGE = """() => {
  window.stageSaid = [];
  window.stageLooks = 0;
  window.stageWasBlack = false;
  const words = document.getElementById("stage-message-text");
  new MutationObserver(() => window.stageSaid.push(words.textContent)).observe(words, { childList: true });
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const still = document.getElementById("remote-still");
  setInterval(() => {
    context.drawImage(still.hidden ? document.getElementById("remote-video") : still, 0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    window.stageLooks += 1;
    if (red + green + blue < 60) window.stageWasBlack = true;
  }, 50);
}"""


def test_a_dead_path_is_replaced_over_the_last_picture(browser: Browser, new_database: str, tmp_path: Path) -> None:
    with (
        open_ways() as ways,
        running_house(new_database, tmp_path, ways=ways) as house,
        somebody(browser, house, "ines") as ines,
        somebody(browser, house, "alice") as alice,
    ):
        ways.is_on = True
        meet(ines, alice, house)
        alice.sees("ines")
        ines.sees("alice")
        alice.page.evaluate(WATCH_THE_STAGE)
        ways.freeze()
        alice.page.wait_for_function("() => window.stageSaid.some((words) => words.includes('Reconnecting'))")
        expect(alice.page.locator("#stage-message")).to_be_hidden()
        alice.sees("ines")
        ines.sees("alice")
        assert alice.page.evaluate("window.stageLooks") > 10
        assert alice.page.evaluate("window.stageWasBlack") is False


def test_a_reloaded_page_is_back_without_asking(pair: Pair) -> None:
    ines, alice = pair
    alice.page.click('#room [data-toggle="microphone"]')
    alice.page.reload()
    alice.is_in()
    alice.sees("ines")
    ines.sees("alice")
    expect(ines.page.locator("#remote-muted")).to_be_visible()


def test_a_killed_media_server_is_survived(pair: Pair, house: House) -> None:
    ines, alice = pair
    alice.sees("ines")
    house.media.stop(signal.SIGKILL)
    expect(ines.page.locator("#stage-message-text")).to_contain_text("Reconnecting")
    house.media.start()
    ines.sees("alice", within=60)
    alice.sees("ines", within=60)
    alice.writes("Still here")
    expect(ines.page.locator("#toast")).to_contain_text("Still here")


def test_a_media_server_told_to_stop_or_killed_leaves_its_room_to_another(pair: Pair, house: House) -> None:
    ines, alice = pair
    alice.sees("ines")
    other = house.media.another()
    other.start()
    try:
        for leaving, staying, end in ((house.media, other, signal.SIGTERM), (other, house.media, signal.SIGKILL)):
            if staying.process is None:
                staying.start()
            with house.app.app_context():
                until(lambda url=staying.settings.media_url: _is_known(url), what="the other's first beat")
                before = len(events_of(house))
            leaving.stop(end)
            with house.app.app_context():
                until(lambda url=staying.settings.media_url: _is_home(url), what="the room's move")
            ines.sees("alice", within=60)
            alice.sees("ines", within=60)
            with house.app.app_context():
                assert _is_home(staying.settings.media_url)
                assert not {"left", "waiting", "dropped"} & set(events_of(house)[before:])
                db.session.remove()
    finally:
        other.stop()
        if house.media.process is None:
            house.media.start()


def test_the_media_server_stops_at_once(house: House) -> None:
    started = time.monotonic()
    house.media.stop(signal.SIGTERM)
    took = time.monotonic() - started
    house.media.start()
    assert took < GRACE_SECONDS / 2, f"{took:.2f} s"


def test_a_second_tab_takes_over_politely(browser: Browser, pair: Pair, house: House) -> None:
    ines, alice = pair
    second = alice.context.new_page()
    second.goto(house.room_url)
    second.wait_for_function("() => document.getElementById('check-video').videoWidth > 0")
    second.click("#enter")
    expect(alice.page.get_by_role("heading", name="Your session goes on elsewhere")).to_be_visible()
    expect(second.locator("#visit")).to_have_attribute("data-stage", "call")
    ines.sees("alice")
    alice.page.click("#rejoin")
    alice.is_in()
    alice.sees("ines")


def _is_known(url: str) -> bool:
    """Tell whether the web may place rooms on a media server."""
    db.session.rollback()
    known = db.session.query(MediaServer).filter_by(url=url, draining=False).one_or_none()
    return known is not None and known.leased_until > datetime.now(UTC)


def _is_home(url: str) -> bool:
    """Tell whether the room is placed on a media server."""
    db.session.rollback()
    return db.session.query(Placement).one().server.url == url
