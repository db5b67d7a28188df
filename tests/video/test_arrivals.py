"""Arriving: where the client is, whether they can talk freely, and who answers for meeting all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from booking.groups import services as groups
from booking.models.appointments import Appointment
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.settings import Settings
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.booking.group_builders import a_group, a_group_service
from tests.fakes import FrozenClock
from tests.support.pages import PageClient
from tests.video.builders import AT_HOME, an_arrival
from video import passes, tokens
from video import services as rooms
from video.arrivals import queries
from video.arrivals.models import Arrival
from video.arrivals.places import ALONE, NOT_ALONE, UNSAID

As = Callable[[Person], PageClient]

TYPED = {
    "where": "new",
    "country": "US",
    "region": "ny",
    "address": "12 Elm Street, Albany",
    "phone": "212 555 0142",
    "contact_name": "Rosa Moreau",
    "contact_phone": "212 555 0143",
    "privacy": ALONE,
}


@pytest.fixture
def session_now(ines: Person, alice: Person, clock: FrozenClock) -> Appointment:
    """Alice's session with Ines, which begins in ten minutes."""
    clock.instant = WEDNESDAY_AT_TEN
    clock.advance(minutes=-10)
    return an_appointment(ines, alice)


def room(appointment: Appointment, path: str = "") -> str:
    return f"/appointments/{appointment.id}/room{path}"


def told(browser: PageClient, appointment: Appointment, **changes: str) -> Arrival:
    answer = browser.post(room(appointment, "/arrival"), data=TYPED | changes)
    assert answer.status_code == 204, answer.text
    return db.session.query(Arrival).order_by(Arrival.id.desc()).first()


def is_held(browser: PageClient, appointment: Appointment, settings: Settings, clock: FrozenClock) -> bool:
    text = browser.post(room(appointment, "/token")).json["token"]
    return tokens.read(text, settings.media_key, now=clock.now()).held


def test_nobody_goes_in_before_saying_where_they_are(as_: As, alice: Person, session_now: Appointment) -> None:
    browser = as_(alice)
    refused = browser.post(room(session_now, "/token"))
    assert (refused.status_code, refused.json["code"]) == (409, "arrival")
    arrival = told(browser, session_now)
    assert arrival.said == AT_HOME
    assert (arrival.privacy, arrival.licensed, arrival.needs_reason) == (ALONE, "covered", False)
    assert browser.post(room(session_now, "/token")).status_code == 200


def test_the_counselor_is_not_asked(as_: As, ines: Person, session_now: Appointment) -> None:
    browser = as_(ines)
    assert "Where are you right now?" not in browser.get(room(session_now)).text
    assert browser.post(room(session_now, "/token")).status_code == 200


def test_what_was_said_last_time_is_offered(as_: As, ines: Person, alice: Person, clock: FrozenClock) -> None:
    clock.instant = WEDNESDAY_AT_TEN
    an_arrival(an_appointment(ines, alice, status="completed"))
    clock.advance(days=7)
    appointment = an_appointment(ines, alice, clock.now())
    browser = as_(alice)
    assert "12 Elm Street, Albany, New York, United States" in browser.get(room(appointment)).text
    answer = browser.post(room(appointment, "/arrival"), data={"where": "same", "privacy": NOT_ALONE})
    assert answer.status_code == 204
    arrival = queries.told(appointment, alice)
    assert (arrival.said, arrival.privacy) == (AT_HOME, NOT_ALONE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": " "}, "so that help could find you"),
        ({"phone": "12"}, "Enter a telephone number"),
        ({"phone": ""}, "Enter a number we can call you back on"),
        ({"country": "XX"}, "Choose the country"),
        ({"region": "Bavaria"}, "Enter a state or province"),
        ({"region": ""}, "Enter the state or province"),
        ({"contact_phone": "abc"}, "Enter a telephone number"),
        ({"privacy": ""}, "whether you can talk freely"),
        ({"where": "same"}, ""),
        ({"where": "same", "privacy": ""}, "whether you can talk freely"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    as_: As, alice: Person, session_now: Appointment, changes: dict[str, str], words: str
) -> None:
    answer = as_(alice).post(room(session_now, "/arrival"), data=TYPED | changes)
    assert answer.status_code == (422 if words else 204)
    assert words in answer.text
    if words and "address" not in changes:
        assert "12 Elm Street, Albany" in answer.text


def test_it_may_be_said_in_the_session_instead(as_: As, ines: Person, alice: Person, session_now: Appointment) -> None:
    arrival = told(as_(alice), session_now, where="untold")
    assert (arrival.place, arrival.privacy, arrival.needs_reason) == ("", UNSAID, True)
    shown = as_(ines).get(room(session_now, "/arrivals")).json[str(alice.id)]
    assert shown["warning"] == "Ask where they are before you begin."
    assert queries.remembered(alice) is None


def test_the_counselor_reads_the_place_beside_their_licences(
    as_: As, ines: Person, alice: Person, session_now: Appointment, clock: FrozenClock, settings: Settings
) -> None:
    arrival = told(as_(alice), session_now, region="OH", privacy=NOT_ALONE)
    assert is_held(as_(alice), session_now, settings, clock) is True
    address = room(session_now, "/arrivals")
    shown = as_(ines).get(address).json[str(alice.id)]
    assert shown["line"] == "In Ohio, United States; not alone: somebody may hear"
    assert (shown["alone"], shown["needs_reason"]) == (False, True)
    assert shown["warning"] == "None of your licences names Ohio, United States."
    assert "Elm" not in str(shown)
    override = f"{address}/{arrival.id}/override"
    assert (shown["leave"], shown["phone"]) == ("", "+1 212-555-0142")
    assert 'href="tel:+1212-555-0142"' in as_(ines).get(room(session_now)).text
    assert as_(ines).post(override, data={"reason": "no"}).status_code == 422
    assert as_(ines).post(override, data={"reason": "Interstate compact privilege"}).status_code == 204
    assert as_(ines).post(override, data={"reason": "A second thought"}).status_code == 204
    db.session.refresh(arrival)
    assert (arrival.override_reason, arrival.overridden_by_id) == ("Interstate compact privilege", ines.id)
    shown = as_(ines).get(address).json[str(alice.id)]
    assert shown["needs_reason"] is False
    room_uid = rooms.prepare(session_now, now=clock.now()).uid
    claims = passes.read(passes.MEET, shown["leave"], settings.media_key, now=clock.now())
    assert claims == passes.meeting(room_uid, str(alice.id))
    assert is_held(as_(alice), session_now, settings, clock) is False
    assert db.session.query(AuditEntry).filter_by(action="arrival.overridden").one().person_id == ines.id


def test_strangers_neither_say_nor_read_anything(
    as_: As, ines: Person, alice: Person, ben: Person, clara: Person, omar: Person, session_now: Appointment
) -> None:
    arrival = an_arrival(session_now, licensed="elsewhere")
    for stranger in (ben, clara, omar):
        assert as_(stranger).post(room(session_now, "/arrival"), data=TYPED).status_code == 404
        assert as_(stranger).get(room(session_now, "/arrivals")).status_code == 404
        override = room(session_now, f"/arrivals/{arrival.id}/override")
        assert as_(stranger).post(override, data={"reason": "A good reason"}).status_code == 404
    assert as_(ines).post(room(session_now, "/arrival"), data=TYPED).status_code == 404
    assert as_(alice).get(room(session_now, "/arrivals")).status_code == 404
    elsewhere = an_appointment(clara, ben)
    override = room(elsewhere, f"/arrivals/{arrival.id}/override")
    assert as_(clara).post(override, data={"reason": "A good reason"}).status_code == 404


def test_a_shut_room_asks_nothing(as_: As, alice: Person, session_now: Appointment, clock: FrozenClock) -> None:
    clock.advance(hours=-1)
    refused = as_(alice).post(room(session_now, "/arrival"), data=TYPED)
    assert (refused.status_code, refused.json["code"]) == (409, "early")


def test_the_counselor_of_a_group_reads_everybodys_place(
    as_: As, ines: Person, alice: Person, ben: Person, clock: FrozenClock
) -> None:
    session = a_group(a_group_service(ines, price_cents=0), WEDNESDAY_AT_TEN, clock.now())
    seats = [groups.add(session, client, payer=None, now=clock.now()) for client in (alice, ben)]
    clock.instant = WEDNESDAY_AT_TEN
    for seat in seats:
        an_arrival(seat)
    an_arrival(seats[1], privacy=NOT_ALONE)
    shown = as_(ines).get(room(seats[0], "/arrivals")).json
    assert {key: each["alone"] for key, each in shown.items()} == {str(alice.id): True, str(ben.id): False}


def test_the_address_lies_sealed(session_now: Appointment) -> None:
    an_arrival(session_now)
    stored = db.session.connection().exec_driver_sql("SELECT said FROM arrivals").scalar_one()
    assert b"Elm" not in bytes(stored)


def test_in_an_emergency_the_counselor_has_place_and_numbers_at_hand(
    as_: As, ines: Person, alice: Person, clara: Person, session_now: Appointment
) -> None:
    address = room(session_now, "/emergency")
    assert "has not said where they are" in as_(ines).get(address).text
    an_arrival(session_now)
    panel = as_(ines).get(address).text
    for words in (
        "12 Elm Street, Albany",
        "New York, United States",
        'href="tel:911"',
        "911 · emergency in the United States",
        "+1 212-555-0142",
        "Rosa Moreau",
    ):
        assert words in panel
    assert "988" in panel
    assert db.session.query(AuditEntry).filter_by(action="arrival.read", person_id=ines.id).count() == 2
    for stranger in (alice, clara):
        assert as_(stranger).get(address).status_code == 404


def test_where_no_numbers_are_known_the_panel_names_the_one_that_mobiles_know(
    as_: As, ines: Person, session_now: Appointment
) -> None:
    an_arrival(session_now, said=AT_HOME | {"country": "BR", "region": "Bahia"})
    panel = as_(ines).get(room(session_now, "/emergency")).text
    assert "112 · emergency in Brazil" in panel
