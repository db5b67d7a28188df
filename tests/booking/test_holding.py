"""A held time is freed soon after its page is left, and kept by a reload, by the way back and by paying."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from billing import payments
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import a_booking, a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
ONE, TWO = "1" * 32, "2" * 32
PROMISED, SOON = NOW + timedelta(minutes=10), NOW + timedelta(seconds=45)


class Browser:
    """Alice's browser at a hold."""

    def __init__(self, held: Appointment, client: PageClient) -> None:
        self._held, self._client, self._path = held, client, f"/appointments/{held.id}/hold"

    def shows(self, visit: str) -> int:
        return self._client.post(self._path, data={"visit": visit}).status_code

    def leaves(self, visit: str) -> int:
        return self._client.post(f"{self._path}/end", data={"visit": visit}).status_code

    @property
    def until(self) -> object:
        db.session.expire_all()
        return self._held.held_until


@pytest.fixture
def held(ines: Person, alice: Person) -> Appointment:
    """A time that Alice holds."""
    return a_hold(an_offer(ines), alice)


@pytest.fixture
def at(as_: As, held: Appointment, alice: Person) -> Browser:
    """Her browser at it."""
    return Browser(held, as_(alice))


def test_leaving_frees_the_time_in_a_moment(at: Browser, held: Appointment, ben: Person, clock: FrozenClock) -> None:
    assert at.shows(ONE) == 200
    assert at.until == PROMISED
    assert at.leaves(ONE) == 204
    assert at.until == SOON
    clock.instant = SOON
    assert at.shows(TWO) == 409
    assert a_booking(held.service, ben, now=SOON).status == "confirmed"


def test_a_reload_keeps_it_whichever_word_arrives_first(at: Browser) -> None:
    at.shows(ONE)
    at.leaves(ONE)
    at.shows(TWO)
    assert at.until == PROMISED
    at.leaves(ONE)
    assert at.until == PROMISED


def test_the_same_word_again_changes_nothing(at: Browser, clock: FrozenClock) -> None:
    at.shows(ONE)
    at.leaves(ONE)
    clock.instant = NOW + timedelta(seconds=20)
    at.leaves(ONE)
    assert at.until == SOON
    at.shows(TWO)
    at.shows(TWO)
    assert at.until == PROMISED


def test_going_on_to_pay_leaves_the_hold_alone(at: Browser, held: Appointment) -> None:
    at.shows(ONE)
    payments.start(held, now=NOW)
    db.session.commit()
    at.leaves(ONE)
    assert at.shows(TWO) == 200
    at.leaves(TWO)
    assert at.until == PROMISED


def test_a_hold_is_nobody_elses_to_leave(as_: As, at: Browser, held: Appointment, ben: Person) -> None:
    assert as_(ben).post(f"/appointments/{held.id}/hold/end", data={"visit": ONE}).status_code == 404
    assert at.shows("not a visit") == 400


def test_the_page_says_calmly_how_long_it_is_kept(as_: As, held: Appointment, alice: Person) -> None:
    page = as_(alice).get(f"/appointments/{held.id}/payment").text
    assert "Kept for you until" in page
    assert "js/booking/hold.js" in page


def test_a_time_that_was_offered_for_longer_is_not_let_go_by_leaving(at: Browser, held: Appointment) -> None:
    held.held_until = NOW + timedelta(hours=2)
    db.session.commit()
    assert at.shows(ONE) == 200
    at.leaves(ONE)
    assert at.until == NOW + timedelta(hours=2)
