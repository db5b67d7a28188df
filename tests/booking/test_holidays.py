"""Public holidays: chosen by country, shown before they are saved, left out one by one, laid down ahead of time."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from booking import availability, holidaying, public_holidays, published
from booking.availability import need_of
from booking.models.hours import Holiday
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person
from tests.booking.builders import an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
THANKSGIVING = date(2026, 11, 26)


def test_a_part_of_a_country_has_days_of_its_own() -> None:
    assert date(2027, 3, 8) in public_holidays.days_of("DE", "BE", [2027])
    assert date(2027, 3, 8) not in public_holidays.days_of("DE", "", [2027])
    assert ("BE", "Berlin") in public_holidays.parts_of("DE")
    assert ("DE", "Germany") in public_holidays.countries()


@pytest.mark.parametrize(("country", "part"), [("XX", ""), ("DE", "XX"), ("", "BE")])
def test_calendars_that_do_not_exist_are_known_not_to(country: str, part: str) -> None:
    assert not public_holidays.known(country, part)
    assert public_holidays.days_of(country, part, [2027]) == {}


def test_holidays_are_shown_before_they_are_saved(as_: As, ines: Person, alice: Person) -> None:
    service, browser = an_offer(ines), as_(ines)
    an_appointment(ines, alice, NOW.replace(hour=15) + timedelta(days=3))
    assert "You work on every holiday" in browser.get("/hours/holidays").text
    page = browser.get("/hours/holidays?country=US&part=NY").text
    assert "Thanksgiving" in page
    assert "You have sessions on these days" in page
    assert db.session.scalars(select(Holiday)).first() is None
    data = {"country": "US", "part": "NY", "kept": ["Thanksgiving Day"]}
    assert browser.post("/hours/holidays", data=data).status_code == 303
    week = Span(NOW, NOW + timedelta(days=40))
    free = {each.date() for each in availability.free_times(ines.id, need_of(service), week, NOW)}
    assert THANKSGIVING not in free
    assert date(2026, 12, 25) in free
    assert "The holidays you keep" in browser.get("/hours/holidays").text
    assert browser.post("/hours/holidays", data={"country": ""}).status_code == 303
    assert db.session.scalars(select(Holiday)).first() is None
    assert published.rules_of(ines.id).holiday_country is None


def test_a_calendar_that_does_not_exist_is_refused_in_words(as_: As, ines: Person, alice: Person) -> None:
    browser = as_(ines)
    for answer in (browser.get("/hours/holidays?country=XX"), browser.post("/hours/holidays", data={"country": "XX"})):
        assert (answer.status_code, "no calendar called “XX”" in answer.text) == (422, True)
    assert as_(alice).get("/hours/holidays").status_code == 404


def test_years_that_come_near_are_laid_down_and_what_was_left_out_stays_out(ines: Person) -> None:
    an_offer(ines)
    holidaying.choose(ines, "US", "", ["Christmas Day"], NOW.date())
    assert holidaying.lay_down(NOW) == 0
    later = NOW.replace(year=2028)
    assert holidaying.lay_down(later) == 1
    assert holidaying.lay_down(later) == 0
    found = db.session.scalars(select(Holiday).where(Holiday.falls_on >= date(2030, 1, 1))).all()
    assert {each.name for each in found if each.kept} == {"Christmas Day"}
    assert len(found) > 5
