from datetime import timedelta

import pytest
from sqlalchemy import event

from booking import availability, queries, services
from booking.availability import need_of
from booking.models.hours import DateOverride, TimeOff
from booking.refusals import BookingRefusedError
from practice.core.db import db
from practice.core.spans import Span
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_appointment, an_offer
from tests.builders import saved
from tests.fakes import MONDAY_MORNING as NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEDNESDAY = Span(WEDNESDAY_AT_TEN - 10 * HOUR, WEDNESDAY_AT_TEN + 14 * HOUR)


@pytest.fixture
def statements(app):
    """What was sent to the database."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def shown(times):
    return [f"{each:%H:%M}" for each in times]


def test_an_appointment_is_found_by_its_two_people_and_the_practice_only(ines, alice, ben, clara, omar):
    booked = a_booking(an_offer(ines), alice)
    found = [queries.appointment_for(viewer, booked.id) for viewer in (alice, ines, omar, ben, clara)]
    assert found == [booked, booked, booked, None, None]
    assert queries.appointment_for(alice, booked.id + 1) is None


def test_free_times_are_hours_less_what_is_booked_away_and_different(ines, alice, ben):
    service = an_offer(ines)
    need = need_of(service)
    free = availability.free_times(ines.id, need, WEDNESDAY, NOW)
    assert shown(free) == [f"{hour}:{minute}" for hour in range(14, 22) for minute in ("00", "30")][:15]
    a_booking(service, alice)
    assert shown(availability.free_times(ines.id, need, WEDNESDAY, NOW))[:4] == ["14:00", "16:00", "16:30", "17:00"]
    saved(TimeOff(counselor_id=ines.id, starts_at=WEDNESDAY_AT_TEN + HOUR, ends_at=WEDNESDAY_AT_TEN + 5 * HOUR))
    assert shown(availability.free_times(ines.id, need, WEDNESDAY, NOW))[:2] == ["14:00", "20:00"]
    saved(DateOverride(counselor_id=ines.id, falls_on=WEDNESDAY_AT_TEN.date(), opens=9 * 60, closes=10 * 60))
    assert shown(availability.free_times(ines.id, need, WEDNESDAY, NOW)) == ["14:00"]
    saved(DateOverride(counselor_id=ines.id, falls_on=WEDNESDAY_AT_TEN.date() + DAY))
    assert availability.free_times(ines.id, need, Span(WEDNESDAY.ends_at, WEDNESDAY.ends_at + DAY), NOW) == []


def test_a_closed_day_has_no_times(ines):
    service = an_offer(ines)
    saved(DateOverride(counselor_id=ines.id, falls_on=WEDNESDAY_AT_TEN.date()))
    assert availability.free_times(ines.id, need_of(service), WEDNESDAY, NOW) == []


def test_a_hold_takes_a_time_only_until_it_runs_out(ines, alice):
    service = an_offer(ines)
    a_hold(service, alice)
    assert WEDNESDAY_AT_TEN not in availability.free_times(ines.id, need_of(service), WEDNESDAY, NOW)
    later = NOW + timedelta(minutes=10)
    assert WEDNESDAY_AT_TEN in availability.free_times(ines.id, need_of(service), WEDNESDAY, later)


def test_a_client_is_not_shown_times_of_their_own_other_sessions(ines, clara, alice):
    service = an_offer(ines)
    an_appointment(clara, alice)
    times = availability.free_times(ines.id, need_of(service), WEDNESDAY, NOW, client_id=alice.id)
    assert shown(times)[:3] == ["14:00", "16:00", "16:30"]
    assert WEDNESDAY_AT_TEN in availability.free_times(ines.id, need_of(service), WEDNESDAY, NOW)


def test_a_client_costs_one_more_query(ines, alice, statements):
    need, counselor_id, client_id = need_of(an_offer(ines)), ines.id, alice.id
    statements.clear()
    availability.free_times(counselor_id, need, WEDNESDAY, NOW)
    without = len(statements)
    availability.free_times(counselor_id, need, WEDNESDAY, NOW, client_id=client_id)
    assert len(statements) == 2 * without + 1


def test_many_counselors_cost_no_more_than_two_queries(ines, clara, statements):
    needs = {each.id: need_of(an_offer(each)) for each in (ines, clara)}
    statements.clear()
    availability.free_with_anyone(needs, WEDNESDAY, NOW)
    assert len(statements) <= 2


def test_every_time_shown_can_be_booked_and_no_other(ines, alice, ben):
    service = an_offer(ines, minutes=45, buffer_before=10)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + 3 * HOUR)
    db.session.commit()
    shown_times = set(availability.free_times(ines.id, need_of(service), WEDNESDAY, NOW, client_id=alice.id))
    bookable = set()
    for step in range(0, 24 * 60, 15):
        starts_at = WEDNESDAY.starts_at + timedelta(minutes=step)
        try:
            services.hold(counselor=ines, client=alice, service=service, starts_at=starts_at, now=NOW)
            bookable.add(starts_at)
        except BookingRefusedError:
            pass
        db.session.rollback()
    assert bookable == shown_times


def test_the_next_free_time_is_found_near_far_or_not_at_all(ines, clara, alice, statements):
    near, far = an_offer(ines), an_offer(clara)
    saved(TimeOff(counselor_id=clara.id, starts_at=NOW, ends_at=NOW + 20 * DAY))
    needs = {ines.id: need_of(near), clara.id: need_of(far)}
    found = availability.next_free(needs, NOW)
    assert found[ines.id] == NOW.replace(hour=14)
    assert found[clara.id] == (NOW + 21 * DAY).replace(hour=14)
    saved(TimeOff(counselor_id=clara.id, starts_at=NOW, ends_at=NOW + 90 * DAY))
    assert list(availability.next_free(needs, NOW)) == [ines.id]


def test_opening_hours_shade_the_week(ines):
    an_offer(ines)
    assert availability.opening_hours(ines.id, WEDNESDAY, NOW) == [
        Span(WEDNESDAY_AT_TEN - HOUR, WEDNESDAY_AT_TEN + 7 * HOUR)
    ]


def test_an_agenda_holds_what_is_live_with_its_people_in_one_query(ines, clara, alice, ben, statements):
    first = an_appointment(ines, alice)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + HOUR, status="cancelled", cancelled_at=NOW)
    held = an_appointment(ines, ben, WEDNESDAY_AT_TEN + 2 * HOUR, status="held", held_until=NOW + HOUR)
    an_appointment(clara, ben)
    db.session.expire_all()
    statements.clear()
    found = queries.agenda(ines, WEDNESDAY, NOW)
    assert [(each.id, each.client.first_name, each.service.name) for each in found] == [
        (first.id, "Alice", "Individual session"),
        (held.id, "Ben", "Individual session"),
    ]
    assert sum("FROM appointments" in statement for statement in statements) == 1
    assert [each.id for each in queries.agenda(ines, WEDNESDAY, NOW + HOUR)] == [first.id]


def test_the_practice_sees_everybodys_day(ines, clara, alice, ben):
    first, other = an_appointment(ines, alice), an_appointment(clara, ben)
    off = an_appointment(ines, ben, WEDNESDAY_AT_TEN + HOUR, status="cancelled", cancelled_at=NOW)
    assert queries.practice_agenda(WEDNESDAY, NOW) == [first, other]
    assert queries.practice_agenda(WEDNESDAY, NOW, with_cancelled=True) == [first, other, off]


def test_a_clients_sessions_are_ahead_or_behind_and_nobody_elses(ines, alice, ben):
    over = an_appointment(ines, alice, NOW - DAY, status="completed")
    running = an_appointment(ines, alice, NOW - timedelta(minutes=10))
    ahead = an_appointment(ines, alice)
    off = an_appointment(ines, alice, WEDNESDAY_AT_TEN + HOUR, status="cancelled", cancelled_at=NOW)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN + 2 * HOUR, status="held", held_until=NOW)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + 3 * HOUR)
    assert queries.upcoming(alice, NOW) == [running, ahead]
    assert queries.past(alice, NOW) == [off, over]


def test_the_next_of_a_counselor_is_the_one_they_are_in(ines, clara, alice, ben):
    running = an_appointment(ines, alice, NOW - timedelta(minutes=10))
    later = an_appointment(ines, alice)
    assert queries.next_of(ines, NOW) == running
    assert queries.next_of(ines, NOW + HOUR) == later
    assert queries.next_of(clara, NOW) is None


def test_a_counselor_knows_their_own_clients_only(ines, clara, alice, ben):
    both = [an_appointment(ines, alice), an_appointment(ines, alice, WEDNESDAY_AT_TEN + DAY)]
    an_appointment(clara, ben)
    assert queries.clients_of(ines) == [alice]
    assert queries.together(ines, alice) == both[::-1]
    assert queries.together(ines, ben) == []


def test_services_are_listed_for_clients_without_the_retired(ines, clara):
    offered, retired = a_service(ines), a_service(ines, active=False, minutes=80)
    assert queries.services_of(ines.id) == [offered]
    assert queries.services_of(ines.id, offered_only=False) == [offered, retired]
    assert queries.service_of(ines.id, offered.id) == offered
    assert queries.service_of(clara.id, offered.id) is None
