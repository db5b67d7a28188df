"""Every page that links lead to, in light and in dark, holds to WCAG 2.2 AA as far as axe can tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from practice.demo import address
from practice.demo_people import PASSWORD
from practice.models import ADMINISTRATOR, CLIENT, COUNSELOR
from practice.security import MONEY, OPEN
from tests.support.apps import make_app, settings_for
from tests.support.browsers import DESK, PHONE, complaints, window
from tests.support.crawling import sign_in, walk
from tests.support.routes import routes
from tests.support.servers import RunningPractice

pytestmark = pytest.mark.browser

AXE = Axe().axe_script
FAULTS = {"resultTypes": ["violations"]}
LEVELS = FAULTS | {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = FAULTS | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
BEHIND_A_FORM_OR_A_LETTER = {
    "billing.adjustment",
    "billing.giving_back",
    "billing.balance",
    "billing.card_left",
    "billing.card_returned",
    "billing.confirmation_of",
    "billing.pay",
    "billing.pay_bill",
    "billing.returned",
    "billing.returned_to_bill",
    "booking.companion",
    "booking.change",
    "booking.confirmation",
    "booking.group_dates",
    "booking.joining",
    "booking.new",
    "booking.new_family",
    "booking.offer",
    "booking.series_with",
    "booking.reminder_link",
    "booking.reminder_move",
    "guests.invitation",
    "guests.room",
    "notes.alert",
    "notes.chart_keeping",
    "notes.chart_reason",
    "notes.kept_safety_plan",
    "notes.question_check",
    "notes.question_help",
    "notes.question_thanks",
    "notes.drill",
    "notes.recover",
    "notes.signature",
    "notes.succeed",
    "notes.verify",
    "practice.confirm",
    "practice.confirm_email_change",
    "practice.confirmation_sent",
    "practice.invitation",
    "practice.reset",
}
FILES = ("pdf", "csv", "ics", "xlsx")
"""How the names of routes end that answer with a file."""
NO_PAGES = {
    "arrivals.emergency",
    "arrivals.told",
    "billing.claim_file",
    "booking.begin_series",
    "booking.feed",
    "booking.where_it_fits",
    "notes.client_safety_plan_version",
    "notes.open_alerts",
    "notes.questions_waiting",
    "notes.requests_start",
    "notes.own_record_json",
    "notes.safety_plan_version",
    "notes.safety_plan_worker",
    "notes.drill_envelopes",
    "notes.recovery_envelopes",
    "notes.succession_envelopes",
    "practice.health",
    "practice.photo",
    "practice.sealed_log",
    "practice.start",
    "practice.tree_heads",
    "practice.verifier_program",
    "static",
    "video.waiting",
}
PEOPLE = {"a stranger": None, "a client": "alice", "a counselor": "ines", "an administrator": "omar"}


LOOK = """options => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets.push(still);
    for (const each of document.querySelectorAll("*")) each.scrollTop &&= 0; // a sticky head hides none
    document.getAnimations().forEach(each => { try { each.finish() } catch { each.cancel() } });
    return axe.run(document, options).then(({ violations }) => violations);
}"""


def _faults(page: Page, options: dict[str, object]) -> list[str]:
    return [
        f"{page.url}: {violation['id']} on {' '.join(map(str, node['target']))}: {node['html'][:100]} {_why(node)}"
        for violation in page.evaluate(LOOK, options)
        for node in violation["nodes"]
    ]


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])


def _meant_for(app: Flask, key: str | None) -> set[str]:
    access = {None: {OPEN}, "alice": {CLIENT}, "ines": {COUNSELOR}, "omar": {ADMINISTRATOR, MONEY}}[key]
    return {
        route.endpoint
        for route in routes(app)
        if route.method == "GET" and route.access in access and not route.endpoint.endswith(FILES)
    } - NO_PAGES


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_led_to_and_holds_to_wcag(
    live_app: RunningPractice, browser: Browser, tmp_path: Path, who: str
) -> None:
    app = make_app(settings_for("sqlite://", tmp_path))
    found: list[str] = []
    opened = set()
    with window(browser, viewport=DESK, reduced_motion="reduce", color_scheme="light") as context:
        context.add_init_script(AXE)  # to carry it over anew for each page took an eighth of the time
        page = context.new_page()
        heard = complaints(page)
        if key := PEOPLE[who]:
            sign_in(page, live_app.url, address(key), PASSWORD)
        for endpoint in walk(page, live_app.url, "/start" if key else "/", app.url_map, found):
            opened.add(endpoint)
            found += _looked_at(page)
    assert found + heard == [], "\n".join(found + heard)
    assert _meant_for(app, key) - opened <= BEHIND_A_FORM_OR_A_LETTER


def _looked_at(page: Page) -> list[str]:
    found = _faults(page, LEVELS)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {fault}" for fault in _faults(page, COLOURS)]
    page.set_viewport_size(PHONE)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        found.append(f"{page.url} is wider than a phone")
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    return found
