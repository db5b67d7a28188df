"""Where people begin, and what they can read before they sign up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from practice import destinations, zones
from practice.core.db import db
from practice.links import absolute
from practice.models import Person, Practice
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(8, "Good evening"), (9, "Good morning"), (16, "Good morning"), (17, "Good afternoon"), (23, "Good evening")],
)
def test_a_client_is_greeted_by_the_hour_on_their_own_clock(
    as_: As, alice: Person, clock: FrozenClock, hour: int, greeting: str
) -> None:
    clock.instant = clock.instant.replace(hour=hour)  # New York is five hours behind
    assert f"{greeting}, Alice</h1>" in as_(alice).get("/my").text


def test_everybody_is_led_to_where_their_day_begins(as_: As, alice: Person, ines: Person, omar: Person) -> None:
    landings = [as_(person).get("/start").location for person in (alice, ines, omar)]
    assert landings == ["/my", "/today", "/day"]


def test_a_counselor_has_no_client_home(as_: As, ines: Person) -> None:
    assert as_(ines).get("/my").status_code == 404


def test_the_terms_name_the_notice_of_this_practice(client: PageClient) -> None:
    db.session.get_one(Practice, 1).cancellation_notice_hours = 36
    assert "until 36 hours before" in client.get("/terms").text
    assert "hello@stillpoint.example" in client.get("/privacy").text


def test_letters_name_full_addresses_without_a_request(app: Flask) -> None:
    assert absolute("practice.reset", secret="abc") == "http://127.0.0.1:8000/password/new/abc"


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/account", "/account"),
        ("/account?next=//x", "/account?next=//x"),
        ("", None),
        (None, None),
        ("//x", None),
        ("/\\x", None),
        ("/%0a x", None),
        ("/a\nb", None),
        ("http://x", None),
        ("http:/x", None),
    ],
)
def test_a_destination_is_a_path_of_our_own(wanted: str | None, path: str | None) -> None:
    assert destinations.local_path(wanted) == path


def test_zones_are_named_with_the_offset_of_this_season() -> None:
    winter, summer = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
    assert dict(zones.options(winter))["Europe/Berlin"] == "Europe: Berlin (UTC+1)"
    assert dict(zones.options(summer))["Europe/Berlin"] == "Europe: Berlin (UTC+2)"
    assert dict(zones.options(winter))["America/Argentina/Salta"] == "America: Salta – Argentina (UTC−3)"
    assert dict(zones.options(winter))["Asia/Kathmandu"].endswith("(UTC+5:45)")


def test_a_zone_one_has_is_always_in_the_list() -> None:
    now = datetime(2026, 1, 15, tzinfo=UTC)
    assert zones.options(now, "Etc/GMT+5")[0][0] == "Etc/GMT+5"
    assert zones.options(now, "Nowhere", "") == zones.options(now)
    assert zones.options(now + timedelta(minutes=59)) == zones.options(now)


@pytest.mark.parametrize(
    "path",
    [
        "/people?q=%00",
        "/people?page=99999999999999999999",
        "/audit-log?who=%00x&action=%00",
        "/audit-log?before=99999999999999999999",
        "/audit-log?after=-99999999999999999999",
        "/day?date=0001-01-01",
    ],
)
def test_an_odd_question_gets_an_ordinary_page(as_: As, omar: Person, path: str) -> None:
    assert as_(omar).get(path).status_code == 200


def test_a_number_no_row_can_have_is_not_found(as_: As, omar: Person, client: PageClient) -> None:
    for path in ("/people/99999999999999999999", "/people/2147483648"):
        assert as_(omar).get(path).status_code == 404
    assert client.get("/people/99999999999999999999/photo").status_code == 404


def test_before_there_is_a_practice_its_pages_ask_for_patience(client: PageClient) -> None:
    db.session.delete(db.session.get_one(Practice, 1))
    assert client.get("/").status_code == 200
    assert client.get("/sign-up").status_code == 503
