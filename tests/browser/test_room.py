"""A session in two real browsers: each decodes the other's moving picture, and nothing that happens ends it."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from practice.core.db import db
from tests.browser.people import Somebody, meet, somebody
from tests.browser.rooms import House, running_house
from tests.browser.together import A_RECOGNISER, HAS_SOFT_EDGES
from tests.support.apps import migrate
from tests.support.servers import until
from video.models import MediaServer, Placement, Room, RoomEvent

pytestmark = pytest.mark.browser

GRACE_SECONDS = 10
"""After which a server that does not stop by itself would be killed."""

Pair = tuple[Somebody, Somebody]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A web tier and a media server."""
    folder = tmp_path_factory.mktemp("house")
    database = f"sqlite:///{folder / 'house.db'}"
    migrate(database)
    with running_house(database, folder) as running:
        yield running


@pytest.fixture(scope="module")
def windows(browser: Browser, house: House) -> Iterator[Pair]:
    """A window each for Ines and Alice, kept over the tests: opening them takes longest."""
    with somebody(browser, house, "ines") as ines, somebody(browser, house, "alice") as alice:
        yield ines, alice


@pytest.fixture
def pair(windows: Pair, house: House) -> Pair:
    """Ines and Alice, in session."""
    meet(*windows, house)
    return windows


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
    alice.page.goto(house.room_url)
    alice.enter()
    expect(alice.page.get_by_role("heading", name="You are in the waiting room")).to_be_visible()
    with somebody(browser, house, "ines") as elsewhere:
        elsewhere.page.goto(house.room_url.removesuffix(f"/appointments/{house.appointment_id}/room") + "/today")
        expect(elsewhere.page.get_by_text("Waiting now")).to_be_visible()
    ines.page.goto(house.room_url)
    ines.enter()
    expect(ines.page.get_by_text("waiting, just arrived")).to_be_visible()
    expect(ines.page).to_have_title(re.compile(r"^\(1 waiting\)"))
    ines.page.get_by_role("button", name="Admit Alice Moreau").click()
    alice.sees("ines")
    with house.app.app_context():
        until(lambda: _events(house)[-2:] == ["admitted", "joined"], what="the log")


def test_chat_marks_what_is_unread(pair: Pair) -> None:
    ines, alice = pair
    for person in pair:  # nothing written before is on their pages then
        person.page.reload()
        person.is_in()
    alice.writes("Good morning <b>Ines</b>")
    expect(ines.page.locator("#unread")).to_have_text("1")
    ines.page.click('[data-side="chat"]')
    expect(ines.page.locator(".bubble-theirs p")).to_have_text("Good morning <b>Ines</b>")
    expect(ines.page.locator("#unread")).to_be_hidden()
    ines.writes("Good morning")
    expect(alice.page.locator(".bubble-theirs p")).to_have_text("Good morning")
    ines.writes("One line\n" * 60)
    expect(ines.page.locator(".bubble-mine")).to_have_count(2)
    for person in pair:
        assert person.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_a_file_goes_from_page_to_page(pair: Pair) -> None:
    ines, alice = pair
    letter = {"name": "letter.txt", "mimeType": "text/html", "buffer": b"<p>Dear Ines</p>" * 20_000}
    alice.page.click('[data-side="chat"]')
    alice.page.set_input_files("#chat-file", files=[letter])  # type: ignore[list-item]  # a typed dict
    ines.page.click('[data-side="chat"]')
    with ines.page.expect_download() as saved:
        ines.page.get_by_role("link", name="Save letter.txt").click()
    assert saved.value.path().read_bytes() == letter["buffer"]


def test_captions_are_written_where_the_words_are_spoken(pair: Pair) -> None:
    ines, alice = pair
    alice.page.evaluate(A_RECOGNISER)
    ines.page.locator("body").press("t")
    expect(ines.page.locator("#captions")).to_contain_text("Alice Moreau: I slept better (audio)")
    expect(alice.page.locator("#toast")).to_contain_text("Ines Calder reads along")
    ines.page.locator("body").press("t")


def test_the_background_is_softened_before_it_leaves(pair: Pair) -> None:
    ines, alice = pair
    _set_in_devices(alice, "#soften", on=True)
    ines.page.wait_for_function(HAS_SOFT_EDGES)
    _set_in_devices(alice, "#soften", on=False)
    ines.sees("alice")


def test_the_noise_around_is_quietened_unless_somebody_plays_music(pair: Pair) -> None:
    ines, alice = pair
    asked = "(quiet) => window.wishes.findLast((each) => each.audio).audio.noiseSuppression === quiet"
    alice.page.wait_for_function(asked, arg=True)
    _set_in_devices(alice, "#quieten", on=False)
    alice.page.wait_for_function(asked, arg=False)
    ines.hears()
    _set_in_devices(alice, "#quieten", on=True)
    alice.page.wait_for_function(asked, arg=True)


def test_camera_and_microphone_are_switched_off_for_real(pair: Pair) -> None:
    ines, alice = pair
    ines.sees("alice")
    alice.page.locator("body").press("v")
    expect(ines.page.locator("#remote-face")).to_be_visible()
    assert alice.page.evaluate("cameras.every(track => track.readyState === 'ended')")
    ines.sees_nobody_move()
    ines.hears()
    alice.page.locator("body").press("m")
    expect(ines.page.locator("#remote-muted")).to_be_visible()
    expect(alice.page.locator("#announcer")).to_have_text("You are muted")
    ines.hears_nothing()
    alice.page.locator("body").press("v")
    expect(ines.page.locator("#remote-face")).to_be_hidden()
    ines.sees("alice")


def test_another_microphone_is_heard_at_once(pair: Pair) -> None:
    ines, alice = pair
    alice.page.click("#open-more")
    alice.page.click("#open-devices")
    microphones = alice.page.locator("#call-microphone option")
    assert microphones.count() > 1
    alice.page.select_option("#call-microphone", index=1)
    expect(alice.page.locator("#check-microphone")).to_have_value(str(microphones.nth(1).get_attribute("value")))
    alice.page.click("#devices button")
    ines.hears()
    ines.sees("alice")


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
                before = len(_events(house))
            leaving.stop(end)
            ines.sees("alice", within=60)
            alice.sees("ines", within=60)
            with house.app.app_context():
                assert db.session.query(Placement).one().server.url == staying.settings.media_url
                assert not {"left", "waiting", "dropped"} & set(_events(house)[before:])
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
        until(lambda: _events(house)[-1] == "left", what="the log")
        until(lambda: _room().together_seconds > 0, what="the minutes")
        db.session.remove()
    spool = Path(house.settings.var_dir, "media", "reports.jsonl")
    until(lambda: spool.read_text() == "", what="the spool's end")


def test_no_page_complained(pair: Pair) -> None:
    ines, alice = pair
    unexpected = [line for line in ines.heard + alice.heard if "WebSocket connection" not in line]
    assert unexpected == []


def _set_in_devices(person: Somebody, switch: str, *, on: bool) -> None:
    person.page.locator("body").press("d")
    person.page.set_checked(switch, on)
    person.page.click("#devices button")


def _room() -> Room:
    db.session.rollback()
    return db.session.query(Room).one()


def _is_known(url: str) -> bool:
    """Tell whether the web may place rooms on a media server."""
    db.session.rollback()
    known = db.session.query(MediaServer).filter_by(url=url, draining=False).one_or_none()
    return known is not None and known.leased_until > datetime.now(UTC)


def _events(house: House) -> list[str]:
    db.session.rollback()
    rows = db.session.query(RoomEvent).filter(RoomEvent.event != "quality")
    return [row.event for row in rows.order_by(RoomEvent.at, RoomEvent.number)]
