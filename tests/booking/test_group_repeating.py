"""A group that meets again and again: every date with what stands in its way, and all planned or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.groups import rhythm_jobs, services
from booking.models.groups import GroupSession
from booking.models.hours import TimeOff
from booking.models.services import Service
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment, open_hours
from tests.booking.group_builders import a_group_service, overfull, shared_overlaps
from tests.builders import a_client, saved
from tests.fakes import FrozenClock, RecordingMailer
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


def test_somebody_elsewhere_is_told_once_two_weeks_before_their_hour_moves(
    as_: As, service: Service, ines: Person, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    greta = a_client("Greta Holm", zone="Europe/Berlin")
    days = {"choice-2027-03-10": "2027-03-10T15:00Z", "choice-2027-03-17": "2027-03-17T14:00Z"}
    as_(ines).post("/groups/dates", data=typed(service, day="2027-03-10", every="1", sessions="2") | days)
    now = clock.instant = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)
    for session in db.session.scalars(select(GroupSession)):
        for person in (alice, greta):
            services.add(session, person, payer=None, now=now)
    db.session.commit()
    rhythm_jobs.tell_of_moving_hours(now - timedelta(minutes=1))
    deliver_everything()
    mailer.sent.clear()
    rhythm_jobs.tell_of_moving_hours(now)
    rhythm_jobs.tell_of_moving_hours(now + timedelta(hours=1))
    db.session.commit()
    deliver_everything()
    (letter,) = mailer.sent
    assert (letter.to, letter.subject) == ("greta@example.org", "From Wednesday 17 March at 15:00")
    for body in (letter.text, letter.html):
        for words in ("16:00", "10:00, New York time", "See your sessions"):
            assert words in body


def deliver_everything() -> None:
    while deliver_due("worker"):
        pass


def planned_weekly(browser: PageClient, service: Service, count: int = 4) -> list[GroupSession]:
    days = [date(2026, 11, 25) + number * WEEK for number in range(count)]
    choices = {f"choice-{day}": f"{day}T15:00Z" for day in days}
    browser.post("/groups/dates", data=typed(service, every="1", sessions=str(count)) | choices)
    return list(db.session.scalars(select(GroupSession).order_by(GroupSession.starts_at)))


def test_one_and_those_after_it_move_with_everybody_who_gets_one_letter(
    as_: As, service: Service, ines: Person, alice: Person, ben: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    browser = as_(ines)
    sessions = planned_weekly(browser, service)
    for session in sessions[1:3]:
        services.add(session, alice, payer=None, now=clock.now())
    an_appointment(ines, ben, WEDNESDAY_AT_TEN + 3 * WEEK + timedelta(days=1, hours=4))
    db.session.commit()
    deliver_everything()
    mailer.sent.clear()
    second = f"/groups/{sessions[1].id}"
    assert "Every week on Wednesday at 10:00" in browser.get(second).text
    page = browser.get(f"{second}/series/times?scope=following&weekday=3&at=14:00").text
    assert page.count("Now: ") == 3
    assert "1 session cannot have the new time" in page
    wanted: dict[str, object] = {"scope": "following", "weekday": "3", "at": "14:00"}
    later_ones = [str(each.id) for each in sessions[1:]]
    assert browser.post(f"{second}/series/times", data=wanted | {"session": later_ones}).status_code == 409
    assert planned()[1] == WEDNESDAY_AT_TEN + WEEK
    browser.post(f"{second}/series/times", data=wanted | {"session": later_ones[:2]})
    later = timedelta(days=1, hours=4)
    at = WEDNESDAY_AT_TEN
    assert planned() == [at, at + WEEK + later, at + 2 * WEEK + later, at + 3 * WEEK]
    assert "Every week on Thursday at 14:00" in browser.get(second).text
    assert "Every week on Wednesday at 10:00" in browser.get(f"/groups/{sessions[0].id}").text
    clock.advance(minutes=4)
    deliver_everything()
    (letter,) = mailer.to(alice.email)
    assert letter.subject == "New times from Thursday 3 December"
    assert "See your sessions" in letter.text
    assert overfull() == []
    assert shared_overlaps() == []


def test_all_that_are_ahead_are_called_off_with_one_letter(
    as_: As, service: Service, ines: Person, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    browser = as_(ines)
    sessions = planned_weekly(browser, service)
    for session in sessions[:2]:
        services.add(session, alice, payer=None, now=clock.now())
    db.session.commit()
    deliver_everything()
    mailer.sent.clear()
    cancellation = f"/groups/{sessions[2].id}/series/cancellation"
    assert browser.get(cancellation).text.count('name="session"') == 2
    assert browser.get(f"{cancellation}?scope=all").text.count('name="session"') == 4
    assert browser.post(cancellation, data={"scope": "all"}).status_code == 422
    chosen = [str(each.id) for each in sessions]
    browser.post(cancellation, data={"scope": "all", "reason": "I move away.", "session": chosen})
    deliver_everything()
    assert [each.subject for each in mailer.sent if each.to == alice.email] == [
        "Cancelled: 2 from Wednesday 25 November"
    ]
    assert "I move away." in mailer.sent[-1].text
    db.session.rollback()
    assert {each.status for each in db.session.query(GroupSession)} == {"cancelled"}


def test_somebody_busy_keeps_a_session_where_it_is_and_strangers_see_nothing(
    as_: As, service: Service, ines: Person, clara: Person, alice: Person, clock: FrozenClock
) -> None:
    browser = as_(ines)
    sessions = planned_weekly(browser, service, 2)
    services.add(sessions[0], alice, payer=None, now=clock.now())
    an_appointment(clara, alice, WEDNESDAY_AT_TEN + timedelta(hours=6))
    db.session.commit()
    target = f"/groups/{sessions[0].id}/series/times"
    page = browser.get(f"{target}?scope=all&weekday=2&at=16:00").text
    assert "Alice has another session then." in page
    single = browser.get(f"/groups/{sessions[0].id}/move?day=2026-11-25&at=16:00")
    assert (single.status_code, "Alice has another session at that time." in single.text) == (409, True)
    assert browser.get(f"{target}?scope=all&weekday=9&at=25:99").status_code == 422
    same = browser.post(target, data={"scope": "all", "weekday": "2", "at": "10:00", "session": str(sessions[0].id)})
    assert same.status_code == 409
    for path in (target, f"/groups/{sessions[0].id}/series/cancellation"):
        assert as_(clara).get(path).status_code == 404
