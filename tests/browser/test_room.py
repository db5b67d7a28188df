"""A session in two real browsers, from the device check to the farewell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from practice.core.db import db
from tests.browser.people import Pair, meet, somebody
from tests.browser.rooms import House, events_of
from tests.support.servers import until
from video.models import Room

pytestmark = pytest.mark.browser


def test_from_the_device_check_to_the_farewell(windows: Pair, house: House) -> None:
    ines, alice = windows
    for person in windows:
        person.page.goto(f"{house.settings.base_url}/crisis")  # a page that is not just going in by itself
        person.page.evaluate("sessionStorage.clear()")
        person.page.goto(house.room_url)
        person.page.wait_for_function("() => document.getElementById('check-level').value > 0")
        expect(person.page.locator("#check-camera option")).not_to_have_count(0)
    alice.enter()
    ines.enter()
    alice.page.wait_for_selector('#visit:is([data-stage="waiting"], [data-stage="call"])')
    meet(ines, alice, house)
    ines.sees("alice")
    alice.sees("ines")
    assert ines.page.evaluate("document.getElementById('remote-video').muted") is False
    alice.page.click("#open-leave")
    alice.page.click("#leave button[value=leave]")
    expect(alice.page.get_by_role("heading", name="You have left the session")).to_be_visible()
    assert alice.page.evaluate("cameras.every(track => track.readyState === 'ended')")
    expect(ines.page.locator("#stage-message")).to_have_text("Waiting for Alice Moreau")
    alice.page.click("#rejoin")
    alice.sees("ines")
    ines.sees("alice")


def test_a_client_waits_until_the_counselor_admits(browser: Browser, house: House, windows: Pair) -> None:
    ines, alice = windows
    meet(ines, alice, house)
    ines.page.click("#open-leave")
    ines.page.click("#leave button[value=end]")
    alice.page.wait_for_selector('#visit[data-stage="done"]')
    with somebody(browser, house, "ines") as elsewhere:
        elsewhere.page.clock.install()
        elsewhere.page.goto(f"{house.settings.base_url}/today")
        alice.page.goto(house.room_url)
        alice.enter()
        expect(alice.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
        with house.app.app_context():
            until(lambda: events_of(house)[-1] == "waiting", what="the log")
        elsewhere.page.clock.run_for(10_000)
        expect(elsewhere.page.get_by_text("Waiting now")).to_be_visible()
        expect(elsewhere.page.locator("#alarm")).to_have_text("Alice Moreau is in the waiting room")
        expect(elsewhere.page).to_have_title(re.compile(r"^\(1 waiting\) Today"))
    ines.page.goto(house.room_url)
    ines.enter()
    expect(ines.page.get_by_text("waiting, just arrived")).to_be_visible()
    expect(ines.page).to_have_title(re.compile(r"^\(1 waiting\)"))
    ines.page.get_by_role("button", name="Admit Alice Moreau").click()
    alice.sees("ines")
    with house.app.app_context():
        until(lambda: events_of(house)[-2:] == ["admitted", "joined"], what="the log")


def test_the_counselor_ends_it_for_both(pair: Pair) -> None:
    ines, alice = pair
    ines.page.click("#open-leave")
    ines.page.click("#leave button[value=end]")
    expect(alice.page.locator("#done-text")).to_have_text(
        "Ines Calder ended the session. Camera and microphone are off."
    )
    expect(ines.page.get_by_role("heading", name="The session has ended")).to_be_visible()
    expect(alice.page.locator("#rejoin")).to_be_hidden()


def test_what_happened_is_known_to_the_web(pair: Pair, house: House) -> None:
    ines, alice = pair
    ines.sees("alice")
    alice.page.wait_for_timeout(1500)  # whole seconds together are counted, so there must be one
    alice.page.click("#open-leave")
    alice.page.click("#leave button[value=leave]")
    with house.app.app_context():
        until(lambda: events_of(house)[-1] == "left", what="the log")
        until(lambda: _room().together_seconds > 0, what="the minutes")
        db.session.remove()
    spool = Path(house.settings.var_dir, "media", "reports.jsonl")
    until(lambda: spool.read_text() == "", what="the spool's end")


def _room() -> Room:
    db.session.rollback()
    return db.session.query(Room).one()
