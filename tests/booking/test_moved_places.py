"""What a session keeps when its counselor moves it: the way to meet, and the place unless they are elsewhere then."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from booking import services
from booking.models.appointments import Appointment
from booking.models.hours import HoursPlan, PlanHours
from booking.models.locations import Location
from booking.refusals import NotOfferedError, OutsideHoursError, SlotTakenError
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment, an_offer
from tests.builders import saved
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = WEDNESDAY_AT_TEN + 10 * HOUR


@pytest.fixture
def home(ines: Person) -> Location:
    """Where Ines meets clients usually."""
    return saved(Location(counselor_id=ines.id, name="Home"))


@pytest.fixture
def met(ines: Person, alice: Person, home: Location) -> Appointment:
    """A session in person, on Wednesday at ten."""
    an_offer(ines, in_person=True, by_phone=True, location_id=home.id)
    return an_appointment(ines, alice, mode="in_person", location_id=home.id)


def test_a_session_in_person_stays_in_person_and_in_its_place(met: Appointment, ines: Person, home: Location) -> None:
    services.move(met, starts_at=WEDNESDAY_AT_TEN + HOUR, by=ines, now=NOW)
    assert (met.mode, met.location) == ("in_person", home)
    services.move(met, starts_at=EVENING, by=ines, now=NOW, outside=True)
    assert (met.mode, met.location, met.starts_at) == ("in_person", home, EVENING)


def test_it_moves_to_the_place_where_the_counselor_is_then_and_the_look_says_so(
    met: Appointment, ines: Person, as_: As
) -> None:
    town = saved(Location(counselor_id=ines.id, name="Town"))
    hours = [PlanHours(weekday=3, opens=9 * 60, closes=12 * 60)]
    saved(
        HoursPlan(counselor_id=ines.id, name="Town", mode="in_person", location_id=town.id, replaces=True, hours=hours)
    )
    look = as_(ines).get(f"/appointments/{met.id}/change?starts_at=2026-11-26T15:00Z").text
    assert "At Town, where you are then" in look
    services.move(met, starts_at=WEDNESDAY_AT_TEN + DAY, by=ines, now=NOW)
    assert (met.mode, met.location) == ("in_person", town)


def test_a_counselor_who_says_so_moves_it_outside_their_hours_and_nobody_else_does(
    met: Appointment, ines: Person, alice: Person, ben: Person, as_: As
) -> None:
    path = f"/appointments/{met.id}/change"
    asked = as_(ines).post(path, data={"starts_at": "2026-11-26T01:00Z"})
    assert (asked.status_code, "Move it anyway" in asked.text) == (409, True)
    with pytest.raises(OutsideHoursError):
        services.move(met, starts_at=EVENING, by=ines, now=NOW)
    db.session.rollback()
    with pytest.raises(NotOfferedError):
        services.move(met, starts_at=EVENING, by=alice, now=NOW, outside=True)
    db.session.rollback()
    an_appointment(ines, ben, EVENING)
    with pytest.raises(SlotTakenError):
        services.move(met, starts_at=EVENING, by=ines, now=NOW, outside=True)
    db.session.rollback()
    knowing = {"starts_at": "2026-11-26T02:00Z", "knowing": "2026-11-26T02:00Z"}
    assert as_(ines).post(path, data=knowing).status_code == 303
