"""Hours by date, pattern, service and way of meeting, holidays and limits, as the server holds everybody to them."""

from datetime import date, datetime, timedelta

import pytest

from booking import availability, services
from booking.availability import need_of
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, DateOverride, Holiday, HoursPlan, PlanHours
from booking.models.locations import Location
from booking.models.services import Service
from booking.refusals import BookingRefusedError, NotOfferedError
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, an_appointment, an_offer
from tests.builders import saved
from tests.fakes import MONDAY_MORNING as NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEDNESDAY = Span(WEDNESDAY_AT_TEN - 10 * HOUR, WEDNESDAY_AT_TEN + 14 * HOUR)
ON_WEDNESDAY = WEDNESDAY_AT_TEN.date()


def a_plan(counselor: Person, opens: int, closes: int, **changes: object) -> HoursPlan:
    return saved(
        HoursPlan(
            counselor_id=counselor.id,
            name="Other hours",
            hours=[PlanHours(weekday=2, opens=opens * 60, closes=closes * 60)],
            **changes,
        )
    )


def free(service: Service, mode: str | None = None, span: Span = WEDNESDAY) -> list[str]:
    """Name the free times on New York's clock."""
    found = availability.free_times(service.counselor_id, need_of(service, mode), span, NOW)
    return [f"{each - 5 * HOUR:%H:%M}" for each in found]


def refusal(service: Service, client: Person, starts_at: datetime, mode: str | None = None) -> str:
    """Say what a form made by hand gets to hear."""
    with pytest.raises(BookingRefusedError) as refused:
        services.hold(
            counselor=service.counselor, client=client, service=service, starts_at=starts_at, now=NOW, mode=mode
        )
    db.session.rollback()
    return str(refused.value)


def test_another_week_adds_to_the_usual_one_between_its_days_only(ines: Person) -> None:
    service = an_offer(ines)
    a_plan(ines, 18, 19, starts_on=ON_WEDNESDAY, ends_on=ON_WEDNESDAY)
    assert free(service)[-2:] == ["16:00", "18:00"]
    assert free(service, span=Span(WEDNESDAY.starts_at + 7 * DAY, WEDNESDAY.ends_at + 7 * DAY))[-1] == "16:00"


def test_every_second_week_may_stand_instead_of_the_usual_one(ines: Person, alice: Person) -> None:
    service = an_offer(ines)
    a_plan(ines, 18, 19, every_weeks=2, anchor_on=ON_WEDNESDAY - 14 * DAY, replaces=True)
    assert free(service) == ["18:00"]
    assert free(service, span=Span(WEDNESDAY.starts_at + 7 * DAY, WEDNESDAY.ends_at + 7 * DAY))[0] == "09:00"
    assert "not on offer" in refusal(service, alice, WEDNESDAY_AT_TEN)


def test_hours_in_person_have_their_place_and_no_others_count(ines: Person, alice: Person) -> None:
    home, town = (saved(Location(counselor_id=ines.id, name=name)) for name in ("Home", "Town"))
    service = an_offer(ines, in_person=True, by_phone=True, location_id=home.id)
    a_plan(ines, 14, 16, mode="in_person", location_id=town.id)
    a_plan(ines, 18, 19, mode="phone")
    assert free(service, "phone")[-1] == "18:00"
    assert free(service, "video")[-1] == free(service, "in_person")[-1] == "16:00"
    held = services.hold(
        counselor=ines, client=alice, service=service, starts_at=WEDNESDAY_AT_TEN, now=NOW, mode="in_person"
    )
    assert (held.mode, held.location) == ("in_person", home)
    a_plan(ines, 9, 12, mode="in_person", location_id=town.id, replaces=True)
    assert free(service, "in_person")[-1] == "15:00"
    town_hall = services.hold(
        counselor=ines, client=alice, service=service, starts_at=WEDNESDAY_AT_TEN + HOUR, now=NOW, mode="in_person"
    )
    assert town_hall.location == town


def test_a_way_of_meeting_that_is_not_offered_is_refused(ines: Person, alice: Person) -> None:
    service = an_offer(ines)
    assert "not offered in that way" in refusal(service, alice, WEDNESDAY_AT_TEN, "phone")
    assert "not offered in that way" in refusal(service, alice, WEDNESDAY_AT_TEN, "telepathy")


def test_a_day_may_differ_for_one_service_only(ines: Person) -> None:
    usual, other = an_offer(ines), a_service(ines, name="Other")
    saved(DateOverride(counselor_id=ines.id, falls_on=ON_WEDNESDAY, opens=600, closes=660, service_id=other.id))
    assert free(other) == ["10:00"]
    assert free(usual)[0] == "09:00"


def test_a_holiday_closes_the_day_unless_it_is_worked(ines: Person) -> None:
    service = an_offer(ines)
    holiday = saved(Holiday(counselor_id=ines.id, falls_on=ON_WEDNESDAY, name="Rest day"))
    assert free(service) == []
    saved(DateOverride(counselor_id=ines.id, falls_on=ON_WEDNESDAY, opens=600, closes=660))
    assert free(service) == ["10:00"]
    holiday.kept = False
    db.session.query(DateOverride).delete()
    db.session.commit()
    assert free(service)[0] == "09:00"


@pytest.mark.parametrize(
    ("limits", "times", "words"),
    [
        ({"most_per_day": 1}, [], "that day or week is full"),
        ({"most_per_week": 1}, [], "that day or week is full"),
        ({"most_per_week": 2}, ["09:00", "11:00", "11:30"], ""),
        ({"long_break_after": 1, "long_break_minutes": 60}, ["12:00", "12:30", "13:00"], "a break of 60 minutes"),
    ],
)
def test_limits_hold_for_the_page_and_for_a_form_made_by_hand(
    limits: dict[str, int], times: list[str], words: str, ines: Person, alice: Person, ben: Person
) -> None:
    service = an_offer(ines)
    for name, value in limits.items():
        setattr(db.session.get_one(BookingRules, ines.id), name, value)
    a_booking(service, alice)
    assert free(service)[:3] == times
    if words:
        assert words in refusal(service, ben, WEDNESDAY_AT_TEN + HOUR)


def test_limits_hold_for_a_move_and_leave_out_what_moves(ines: Person, alice: Person, ben: Person) -> None:
    service = an_offer(ines)
    db.session.get_one(BookingRules, ines.id).most_per_day = 1
    booked = a_booking(service, alice)
    other = an_appointment(ines, ben, WEDNESDAY_AT_TEN + DAY)
    with pytest.raises(NotOfferedError, match="is full"):
        services.move(other, starts_at=WEDNESDAY_AT_TEN + HOUR, by=ines, now=NOW)
    db.session.rollback()
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + HOUR, by=alice, now=NOW)
    assert db.session.get_one(Appointment, booked.id).starts_at == WEDNESDAY_AT_TEN + HOUR


def test_the_next_free_time_knows_of_limits_and_other_weeks(ines: Person, alice: Person) -> None:
    service = an_offer(ines)
    a_plan(ines, 8, 9)
    db.session.get_one(BookingRules, ines.id).most_per_week = 1
    a_booking(service, alice)
    assert availability.next_free({ines.id: need_of(service)}, NOW)[ines.id].date() == date(2026, 11, 30)
