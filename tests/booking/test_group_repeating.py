"""A group that meets again and again: every date with what stands in its way, and all planned or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking.models.groups import GroupSession
from booking.models.hours import TimeOff
from booking.models.services import Service
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment, open_hours
from tests.booking.group_builders import a_group_service, shared_overlaps
from tests.builders import saved
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
WEEK = timedelta(weeks=1)


@pytest.fixture
def service(ines: Person) -> Service:
    open_hours(ines)
    return a_group_service(ines)


def typed(service: Service, **changes: str) -> dict[str, str]:
    usual = {"service_id": str(service.id), "title": "Grief", "day": "2026-11-25", "at": "10:00", "capacity": "4"}
    rhythm = {"rhythm": "weekly", "every": "2", "ends": "sessions", "sessions": "4"}
    return usual | rhythm | changes


def planned() -> list[object]:
    db.session.rollback()
    return list(db.session.scalars(select(GroupSession.starts_at).order_by(GroupSession.starts_at)))


def test_the_dates_are_shown_with_their_conflicts_before_any_is_planned(
    as_: As, service: Service, ines: Person, alice: Person
) -> None:
    an_appointment(ines, alice, WEDNESDAY_AT_TEN + 2 * WEEK)
    away = WEDNESDAY_AT_TEN + 4 * WEEK
    saved(TimeOff(counselor_id=ines.id, starts_at=away, ends_at=away + timedelta(hours=5)))
    browser = as_(ines)
    onward = browser.post("/groups", data=typed(service)).location
    assert onward.startswith("/groups/dates?")
    page = browser.get(onward).text
    for words in ("every 2 weeks on Wednesday", "1 date is not free", "Taken", "Away", "Left out"):
        assert words in page
    assert planned() == []
    days = ("2026-11-25", "2027-01-06")
    choices = {f"choice-{day}": f"{day}T15:00Z" for day in days}
    assert browser.post("/groups/dates", data=typed(service) | choices).location == "/groups"
    assert planned() == [WEDNESDAY_AT_TEN, WEDNESDAY_AT_TEN + 6 * WEEK]
    again = browser.post("/groups/dates", data=typed(service) | choices)
    assert (again.status_code, "25 November has been taken" in again.text) == (409, True)
    taken = {"choice-2026-12-09": "2026-12-09T15:00Z", "choice-2026-12-23": "2026-12-23T15:00Z"}
    assert browser.post("/groups/dates", data=typed(service) | taken).status_code == 409
    assert len(planned()) == 2
    assert shared_overlaps() == []


def test_a_group_always_ends_and_keeps_its_hour_over_a_clock_change(as_: As, service: Service, ines: Person) -> None:
    browser = as_(ines)
    endless = browser.get("/groups/dates", query_string=typed(service, ends="", sessions=""))
    assert (endless.status_code, "cannot go on forever" in endless.text) == (422, True)
    wrong = browser.get("/groups/dates", query_string=typed(service, title="", sessions="400", day="x"))
    assert (wrong.status_code, "Give the session a name" in wrong.text) == (422, True)
    over = typed(service, day="2027-03-10", every="1", sessions="2")
    assert browser.post("/groups/dates", data=over).status_code == 409
    choices = {"choice-2027-03-10": "2027-03-10T15:00Z", "choice-2027-03-17": "2027-03-17T14:00Z"}
    browser.post("/groups/dates", data=over | choices)
    assert [f"{each:%d %H:%M}" for each in planned()] == ["10 15:00", "17 14:00"]  # type: ignore[str-format]
    missing = typed(service, day="2027-03-07", at="02:30", every="1", sessions="2")
    assert "No such hour" in browser.get("/groups/dates", query_string=missing).text
