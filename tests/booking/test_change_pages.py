"""Calling a session off and moving it: what happens is said first, too late is said in words."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_offer
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

ELEVEN = "2026-11-25T16:00Z"


@pytest.fixture
def booked(ines: Person, alice: Person) -> Appointment:
    """A session of Alice with Ines on Wednesday at ten."""
    return a_booking(an_offer(ines), alice)


def too_late(booked: Appointment, clock: FrozenClock) -> None:
    """Move the clock past the notice the client agreed to."""
    clock.instant = booked.starts_at - timedelta(hours=3)


def test_a_client_cancels_without_giving_a_reason(as_: As, booked: Appointment, alice: Person) -> None:
    browser, path = as_(alice), f"/appointments/{booked.id}/cancellation"
    page = browser.get(path).text
    assert "Wednesday 25 November, 10:00" in page
    assert "(optional)" in page
    assert browser.post(path).location == f"/appointments/{booked.id}"
    db.session.refresh(booked)
    assert (booked.status, booked.cancelled_by_id, booked.cancelled_late) == ("cancelled", alice.id, False)
    assert "Cancelled" in browser.get(f"/appointments/{booked.id}").text


def test_cancelling_late_says_so_before_and_after(
    as_: As, booked: Appointment, alice: Person, ines: Person, clock: FrozenClock
) -> None:
    too_late(booked, clock)
    as_(alice).post(f"/appointments/{booked.id}/cancellation")
    db.session.refresh(booked)
    assert booked.cancelled_late is True
    assert "After the notice" in as_(ines).get(f"/appointments/{booked.id}").text


def test_a_counselor_writes_a_few_words_when_cancelling(
    as_: As, booked: Appointment, ines: Person, alice: Person
) -> None:
    browser, path = as_(ines), f"/appointments/{booked.id}/cancellation"
    refused = browser.post(path, data={"reason": " "})
    assert refused.status_code == 422
    assert "Write a few words to your client" in refused.text
    assert browser.post(path, data={"reason": "I am ill today."}).status_code == 303
    assert "I am ill today." in as_(alice).get(f"/appointments/{booked.id}").text


def test_words_that_are_too_long_are_kept_for_shortening(as_: As, booked: Appointment, alice: Person) -> None:
    answer = as_(alice).post(f"/appointments/{booked.id}/cancellation", data={"reason": "a" * 501})
    assert answer.status_code == 422
    assert "Use at most 500 characters" in answer.text
    assert "a" * 501 in answer.text


def test_what_has_begun_cannot_be_cancelled_by_the_client(
    as_: As, booked: Appointment, alice: Person, clock: FrozenClock
) -> None:
    clock.instant = booked.starts_at
    browser, path = as_(alice), f"/appointments/{booked.id}/cancellation"
    assert "already started" in browser.get(path).text
    assert browser.post(path).status_code == 409
    db.session.refresh(booked)
    assert booked.status == "confirmed"


def test_cancelling_twice_is_cancelling_once(as_: As, booked: Appointment, alice: Person) -> None:
    browser, path = as_(alice), f"/appointments/{booked.id}/cancellation"
    assert browser.post(path).status_code == browser.post(path).status_code == 303
    db.session.refresh(booked)
    assert booked.sequence == 1
    assert "has been cancelled" in browser.get(path).text


def test_a_client_moves_within_the_notice_after_a_last_look(as_: As, booked: Appointment, alice: Person) -> None:
    browser, path = as_(alice), f"/appointments/{booked.id}/move"
    offered = browser.get(path)
    assert f"starts_at={ELEVEN}" in offered.text
    look = browser.get(f"{path}?starts_at={ELEVEN}").text
    assert "Move to this time?" in look
    assert "Wednesday 25 November, 11:00" in look
    assert browser.post(path, data={"starts_at": ELEVEN}).location == f"/appointments/{booked.id}"
    db.session.refresh(booked)
    assert booked.starts_at == WEDNESDAY_AT_TEN + timedelta(hours=1)


def test_a_session_may_move_into_its_own_time(as_: As, booked: Appointment, alice: Person) -> None:
    half_past = "2026-11-25T15:30Z"
    assert f"starts_at={half_past}" in as_(alice).get(f"/appointments/{booked.id}/move").text
    assert as_(alice).post(f"/appointments/{booked.id}/move", data={"starts_at": half_past}).status_code == 303


def test_moving_too_late_is_said_with_the_way_to_the_counselor(
    as_: As, booked: Appointment, alice: Person, clock: FrozenClock
) -> None:
    too_late(booked, clock)
    browser, path = as_(alice), f"/appointments/{booked.id}/move"
    page = browser.get(f"{path}?starts_at={ELEVEN}").text
    assert "until 24 hours before they start" in page
    assert "mailto:ines@example.org" in page
    assert browser.post(path, data={"starts_at": "2026-11-26T16:00Z"}).status_code == 409
    db.session.refresh(booked)
    assert booked.starts_at == WEDNESDAY_AT_TEN


def test_the_counselor_moves_late_and_inside_their_own_notice(
    as_: As, booked: Appointment, ines: Person, clock: FrozenClock
) -> None:
    too_late(booked, clock)
    browser, path = as_(ines), f"/appointments/{booked.id}/move"
    soon = "2026-11-25T14:00Z"
    page = browser.get(path).text
    assert "Your own notice does not count here" in page
    assert f"starts_at={soon}" in page
    assert browser.post(path, data={"starts_at": soon}).status_code == 303


def test_a_time_taken_meanwhile_leaves_the_session_where_it_is(
    as_: As, booked: Appointment, alice: Person, ben: Person
) -> None:
    a_booking(booked.service, ben, WEDNESDAY_AT_TEN + timedelta(hours=1))
    answer = as_(alice).post(f"/appointments/{booked.id}/move", data={"starts_at": ELEVEN})
    assert answer.status_code == 409
    assert "Wednesday 25 November, 11:00 has just been taken" in answer.text
    db.session.refresh(booked)
    assert booked.starts_at == WEDNESDAY_AT_TEN


@pytest.mark.parametrize("starts_at", ["", "soon", "2026-11-25T16:00"])
def test_moving_to_no_time_asks_for_one(starts_at: str, as_: As, booked: Appointment, alice: Person) -> None:
    answer = as_(alice).post(f"/appointments/{booked.id}/move", data={"starts_at": starts_at})
    assert answer.status_code == 422
    assert "Choose a time." in answer.text


def test_a_time_outside_the_hours_is_refused(as_: As, booked: Appointment, alice: Person) -> None:
    answer = as_(alice).post(f"/appointments/{booked.id}/move", data={"starts_at": "2026-11-25T05:00Z"})
    assert answer.status_code == 409
    assert "Nothing has changed yet" in answer.text


def test_a_held_time_can_be_given_up_but_not_moved(as_: As, ines: Person, alice: Person) -> None:
    held = a_hold(an_offer(ines), alice)
    browser = as_(alice)
    assert "not booked yet" in browser.get(f"/appointments/{held.id}/move").text
    assert browser.post(f"/appointments/{held.id}/cancellation").status_code == 303
    db.session.refresh(held)
    assert held.status == "expired"


@pytest.mark.parametrize("deed", ["cancellation", "move"])
def test_nobody_else_can_change_it(
    deed: str, as_: As, client: PageClient, booked: Appointment, ben: Person, clara: Person
) -> None:
    path, data = f"/appointments/{booked.id}/{deed}", {"starts_at": ELEVEN, "reason": "Mine."}
    assert as_(ben).post(path, data=data).status_code == 404
    assert as_(clara).post(path, data=data).status_code == 404
    assert client.post(path, data=data).status_code == 401
    db.session.refresh(booked)
    assert (booked.status, booked.starts_at) == ("confirmed", WEDNESDAY_AT_TEN)
