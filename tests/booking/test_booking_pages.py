"""A client takes a time: held, paid or free, taken by somebody else, run out, let go."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_offer
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

TEN = "2026-11-25T15:00Z"


def appointments() -> list[Appointment]:
    """Return every appointment as the database has it now."""
    db.session.rollback()
    return list(db.session.scalars(select(Appointment).order_by(Appointment.id)))


def test_a_chosen_time_is_held_and_leads_to_paying(as_: As, alice: Person, ines: Person) -> None:
    service = an_offer(ines)
    answer = as_(alice).post(f"/counselors/{ines.id}/appointments", data={"service_id": service.id, "starts_at": TEN})
    (held,) = appointments()
    assert answer.status_code == 303
    assert answer.location == f"/appointments/{held.id}/payment"
    assert (held.status, held.starts_at, held.client_id) == ("held", WEDNESDAY_AT_TEN, alice.id)


def test_what_costs_nothing_is_booked_at_once_and_confirmed(as_: As, alice: Person, ines: Person) -> None:
    service = an_offer(ines, price_cents=0)
    browser = as_(alice)
    browser.post(f"/counselors/{ines.id}/appointments", data={"service_id": service.id, "starts_at": TEN})
    (booked,) = appointments()
    page = browser.get(f"/appointments/{booked.id}/confirmation")
    assert page.status_code == 200
    assert "You are booked" in page.text
    assert "Wednesday 25 November, 10:00" in page.text
    assert f"/appointments/{booked.id}/calendar.ics" in page.text


def test_a_second_press_and_a_second_tab_are_harmless(as_: As, alice: Person, ines: Person) -> None:
    service = an_offer(ines)
    browser, data = as_(alice), {"service_id": service.id, "starts_at": TEN}
    places = {browser.post(f"/counselors/{ines.id}/appointments", data=data).location for _ in range(3)}
    assert len(places) == len(appointments()) == 1


def test_a_time_taken_meanwhile_is_answered_with_the_nearest(as_: As, alice: Person, ben: Person, ines: Person) -> None:
    service = an_offer(ines)
    a_booking(service, ben)
    answer = as_(alice).post(f"/counselors/{ines.id}/appointments", data={"service_id": service.id, "starts_at": TEN})
    assert answer.status_code == 409
    assert "That time has just been taken" in answer.text
    assert answer.text.count("nearest-time") == 3
    assert 'value="2026-11-25T14:00Z"' in answer.text
    assert 'value="2026-11-25T16:00Z"' in answer.text
    assert len(appointments()) == 1


def test_a_client_cannot_be_in_two_places(as_: As, alice: Person, ines: Person, clara: Person) -> None:
    a_booking(an_offer(clara), alice)
    service = an_offer(ines)
    answer = as_(alice).post(f"/counselors/{ines.id}/appointments", data={"service_id": service.id, "starts_at": TEN})
    assert answer.status_code == 409
    assert "You already have a session then" in answer.text


@pytest.mark.parametrize(
    "starts_at", ["2026-11-23T09:30Z", "2026-11-25T15:07Z", "2026-11-25T03:00Z", "2027-06-01T15:00Z"]
)
def test_a_time_that_is_not_on_offer_is_refused_in_words(starts_at: str, as_: As, alice: Person, ines: Person) -> None:
    service = an_offer(ines)
    answer = as_(alice).post(
        f"/counselors/{ines.id}/appointments", data={"service_id": service.id, "starts_at": starts_at}
    )
    assert answer.status_code == 409
    assert "That time cannot be booked" in answer.text
    assert appointments() == []


@pytest.mark.parametrize(
    "data",
    [{}, {"service_id": "1"}, {"service_id": "1", "starts_at": "10:00"}, {"service_id": "x", "starts_at": TEN},
     {"service_id": "1", "starts_at": "2026-11-25T15:00"}, {"service_id": "77", "starts_at": TEN},
     {"service_id": "1", "starts_at": "0001-01-01T00:00+23:00"}],
)  # fmt: skip
def test_a_form_made_by_hand_gets_the_page_again(data: dict[str, str], as_: As, alice: Person, ines: Person) -> None:
    an_offer(ines)
    answer = as_(alice).post(f"/counselors/{ines.id}/appointments", data=data)
    assert answer.status_code == 422
    assert "Choose a" in answer.text
    assert appointments() == []


def test_only_clients_book(as_: As, client: PageClient, ines: Person, clara: Person, omar: Person) -> None:
    service = an_offer(ines)
    data = {"service_id": service.id, "starts_at": TEN}
    for person in (ines, clara, omar):
        assert as_(person).post(f"/counselors/{ines.id}/appointments", data=data).status_code == 404
    assert client.post(f"/counselors/{ines.id}/appointments", data=data).status_code == 401
    assert appointments() == []


def test_a_counselor_who_is_not_public_cannot_be_booked(as_: As, alice: Person, clara: Person) -> None:
    data = {"service_id": "1", "starts_at": TEN}
    assert as_(alice).post(f"/counselors/{clara.id}/appointments", data=data).status_code == 404
    assert as_(alice).get(f"/counselors/{clara.id}/appointments/new").status_code == 404


def test_the_last_look_shows_what_is_about_to_be_booked(as_: As, alice: Person, ines: Person) -> None:
    service = an_offer(ines)
    page = as_(alice).get(f"/counselors/{ines.id}/appointments/new?service_id={service.id}&starts_at={TEN}")
    assert page.status_code == 200
    assert "Wednesday 25 November, 10:00" in page.text
    assert "You can cancel or move a session free of charge until 24 hours before it starts." in page.text
    assert f'value="{TEN}"' in page.text
    assert as_(alice).get(f"/counselors/{ines.id}/appointments/new?starts_at=soon").status_code == 422


def test_a_held_time_says_until_when_and_can_be_let_go(as_: As, alice: Person, ines: Person) -> None:
    held = a_hold(an_offer(ines), alice)
    browser = as_(alice)
    page = browser.get(f"/appointments/{held.id}").text
    assert "This time is kept for you until 04:10" in page
    assert f"/appointments/{held.id}/payment" in page
    assert browser.post(f"/appointments/{held.id}/release").location == f"/counselors/{ines.id}"
    assert appointments()[0].status == "expired"
    assert browser.post(f"/appointments/{held.id}/release").status_code == 303


def test_letting_go_does_nothing_to_a_session_that_stands(as_: As, alice: Person, ines: Person) -> None:
    booked = a_booking(an_offer(ines), alice)
    assert as_(alice).post(f"/appointments/{booked.id}/release").location == f"/appointments/{booked.id}"
    assert appointments()[0].status == "confirmed"


def test_a_hold_that_ran_out_can_be_taken_again_with_one_press(
    as_: As, alice: Person, ines: Person, clock: FrozenClock
) -> None:
    held = a_hold(an_offer(ines), alice)
    clock.advance(minutes=11)
    browser = as_(alice)
    page = browser.get(f"/appointments/{held.id}").text
    assert "This time is no longer held" in page
    assert "Take it again" in page
    browser.post(f"/counselors/{ines.id}/appointments", data={"service_id": held.service_id, "starts_at": TEN})
    old, new = appointments()
    assert (old.status, new.status) == ("expired", "held")


def test_a_hold_that_ran_out_and_was_taken_offers_the_nearest(
    as_: As, alice: Person, ben: Person, ines: Person, clock: FrozenClock
) -> None:
    service = an_offer(ines)
    held = a_hold(service, alice)
    later = clock.advance(minutes=11)
    a_booking(service, ben, now=later)
    page = as_(alice).get(f"/appointments/{held.id}").text
    assert "Somebody else has it now" in page
    assert page.count("nearest-time") == 3


def test_a_hold_long_past_only_says_so(as_: As, alice: Person, ines: Person, clock: FrozenClock) -> None:
    held = a_hold(an_offer(ines), alice)
    clock.advance(days=90)
    held.service.active = False
    db.session.commit()
    assert "It can no longer be booked" in as_(alice).get(f"/appointments/{held.id}").text
    assert "Take it again" not in as_(ines).get(f"/appointments/{held.id}").text


def test_the_confirmation_is_for_the_client_of_a_session_that_stands(
    as_: As, alice: Person, ben: Person, ines: Person, client: PageClient
) -> None:
    service = an_offer(ines)
    held = a_hold(service, alice)
    assert as_(alice).get(f"/appointments/{held.id}/confirmation").location == f"/appointments/{held.id}"
    booked = a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=1))
    assert as_(ben).get(f"/appointments/{booked.id}/confirmation").status_code == 404
    assert as_(ines).get(f"/appointments/{booked.id}/confirmation").status_code == 404
    assert as_(ben).post(f"/appointments/{booked.id}/release").status_code == 404
    assert client.get(f"/appointments/{booked.id}/confirmation").status_code == 303


def test_a_service_archived_meanwhile_is_said_so(as_: As, alice: Person, ines: Person) -> None:
    an_offer(ines)
    gone = a_service(ines, name="Old session", active=False)
    answer = as_(alice).post(f"/counselors/{ines.id}/appointments", data={"service_id": gone.id, "starts_at": TEN})
    assert answer.status_code == 422
    assert "no longer offered" in answer.text
