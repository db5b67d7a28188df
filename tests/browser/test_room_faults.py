"""The path between page and media server dies, for real: what both people see until it is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import meet, somebody
from tests.browser.rooms import running_house
from tests.browser.ways import open_ways
from tests.support.apps import migrate

pytestmark = pytest.mark.browser

WATCH_THE_STAGE = """() => {
  window.stageSaid = [];
  window.stageWasBlack = false;
  const words = document.getElementById("stage-message-text");
  new MutationObserver(() => window.stageSaid.push(words.textContent)).observe(words, { childList: true });
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const still = document.getElementById("remote-still");
  setInterval(() => {
    context.drawImage(still.hidden ? document.getElementById("remote-video") : still, 0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    if (red + green + blue < 60) window.stageWasBlack = true;
  }, 50);
}"""


def test_a_dead_path_is_replaced_over_the_last_picture(browser: Browser, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'house.db'}"
    migrate(database)
    with (
        open_ways() as ways,
        running_house(database, tmp_path, ways=ways) as house,
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
        assert alice.page.evaluate("window.stageWasBlack") is False
