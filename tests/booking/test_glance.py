"""Free times from further off: a month at a glance, and any counselor who offers a kind of session."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking import availability, glance
from booking.availability import need_of
from practice.core.spans import Span
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = Span(NOW, NOW + 7 * DAY)
STAMP = "2026-11-25T15:00Z"


def test_a_month_is_whole_weeks_from_monday_on() -> None:
    month = glance.month_of(date(2026, 11, 24), {date(2026, 11, 1): 2, date(2026, 12, 1): 5})
    assert [len(week) for week in month.weeks] == [7] * 6
    assert (month.weeks[0][0].day, month.weeks[-1][-1].day) == (date(2026, 10, 26), date(2026, 12, 6))
    assert [each.inside for each in month.weeks[0]] == [False] * 6 + [True]
    assert month.count == 2


@pytest.mark.parametrize(
    ("day", "last", "before", "after"),
    [
        (date(2026, 12, 31), date(2026, 12, 31), date(2026, 11, 1), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 1, 31), date(2026, 12, 1), date(2027, 2, 1)),
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 1, 1), date(2028, 3, 1)),
    ],
)
def test_months_follow_one_another(day: date, last: date, before: date, after: date) -> None:
    assert (glance.last_of(day), glance.month_before(day), glance.next_month(day)) == (last, before, after)


def test_times_count_on_the_day_of_the_clock_that_is_read() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert dict(glance.count_by_day([late, late - HOUR], ZoneInfo("Europe/Berlin"))) == {
        date(2026, 11, 25): 1,
        date(2026, 11, 26): 1,
    }
    assert dict(glance.count_by_day([late], ZoneInfo("America/New_York"))) == {date(2026, 11, 25): 1}


def test_each_time_knows_everybody_who_is_free() -> None:
    found = glance.with_anyone({2: [NOW, NOW + HOUR], 1: [NOW + HOUR, NOW - HOUR]})
    assert list(found.items()) == [(NOW - HOUR, (1,)), (NOW, (2,)), (NOW + HOUR, (2, 1))]


def test_anyone_is_free_when_one_of_them_is(ines: Person, clara: Person, alice: Person, ben: Person) -> None:
    needs = {each.id: need_of(an_offer(each)) for each in (ines, clara)}
    an_appointment(ines, ben)
    found = availability.free_with_anyone(needs, WEEK, NOW)
    assert found[WEDNESDAY_AT_TEN] == (clara.id,)
    assert set(found[WEDNESDAY_AT_TEN + HOUR]) == {ines.id, clara.id}
    one_by_one = {who: availability.free_times(who, need, WEEK, NOW) for who, need in needs.items()}
    assert found == glance.with_anyone(one_by_one)
    an_appointment(clara, alice)
    assert WEDNESDAY_AT_TEN not in availability.free_with_anyone(needs, WEEK, NOW, client_id=alice.id)
    assert availability.free_with_anyone({}, WEEK, NOW) == {}


def test_a_month_on_the_page_leads_to_its_days(client: PageClient, ines: Person) -> None:
    service = an_offer(ines)
    page = client.get(f"/counselors/{ines.id}?service_id={service.id}").text
    assert 'aria-label="Wednesday 25 November, 15 free"' in page
    assert "The month after" in page
    assert "The month before" not in page
    december = client.get(f"/counselors/{ines.id}?since=2026-12-01").text
    assert "The month before" in december


def test_a_time_is_found_with_anyone_and_then_the_counselor(
    client: PageClient, as_: As, ines: Person, clara: Person, alice: Person
) -> None:
    an_offer(ines, by_phone=True)
    an_offer(clara)
    a_booking(a_service(clara, name="Long session"), alice)
    page = client.get("/times").text
    assert "2 counselors offer “Individual session”" in page
    assert "Long session" in page
    assert "1 counselor offers “Individual session” by phone" in client.get("/times?mode=phone").text
    both = client.get(f"/times/counselors?kind=individual+session&starts_at={STAMP.replace('15:', '20:')}").text
    assert "Choose Ines" in both
    assert "Choose Clara" in both
    one = as_(alice).get(f"/times/counselors?starts_at={STAMP.replace('15:', '16:')}").text
    assert "Choose Ines" in one


def test_nobody_free_any_more_is_said_in_words(client: PageClient, ines: Person) -> None:
    assert "Nothing can be booked yet" in client.get("/times").text
    an_offer(ines)
    for asked in ("2026-11-25T03:00Z", "soon"):
        answer = client.get(f"/times/counselors?starts_at={asked}")
        assert (answer.status_code, "That time is gone" in answer.text) == (404, True)


def test_a_zone_that_does_not_exist_is_named(client: PageClient, ines: Person) -> None:
    an_offer(ines)
    page = client.get(f"/counselors/{ines.id}?zone=Mars/Olympus").text
    assert "There is no time zone called “Mars/Olympus”" in page
