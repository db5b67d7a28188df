"""A shared session moves with everybody in it; it can be taken back for three minutes, and nobody hears of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from booking.groups import families, invitations, moving
from booking.groups import services as groups
from booking.groups.terms import Companion
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.models.services import Service
from booking.policy import FAMILY
from booking.refusals import NotAllowedError, NotOfferedError, SlotTakenError
from booking.services import cancel, confirm
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, an_appointment, open_hours
from tests.booking.group_builders import a_group, a_group_service, overfull
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING as NOW
from tests.fakes import FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
Send = Callable[[timedelta], list[str]]
TWO = WEDNESDAY_AT_TEN + timedelta(hours=4)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def service(ines: Person) -> Service:
    open_hours(ines)
    return a_group_service(ines, price_cents=0)


@pytest.fixture
def group(service: Service, alice: Person) -> GroupSession:
    """A session that Alice comes to."""
    session = a_group(service)
    groups.join(session, alice, now=NOW)
    db.session.commit()
    return session


@pytest.fixture
def news(clock: FrozenClock, mailer: RecordingMailer) -> Send:
    """Let so much time pass since Monday morning, and read whom a new time has been told to."""

    def _news(passed: timedelta) -> list[str]:
        db.session.commit()
        clock.instant = NOW + passed
        while deliver_due("worker"):
            pass
        return sorted(mail.to.partition("@")[0] for mail in mailer.sent if mail.subject.startswith("New time"))

    return _news


def test_nobody_hears_of_a_move_that_was_undone_but_whoever_came_meanwhile(
    group: GroupSession, ines: Person, ben: Person, news: Send
) -> None:
    news(timedelta())
    moving.move(group, starts_at=TWO, by=ines, now=NOW)
    assert news(MINUTE) == []
    groups.join(group, ben, now=NOW + MINUTE)
    news(MINUTE)
    moving.undo(group, by=ines, now=NOW + 2 * MINUTE)
    assert [seat.starts_at for seat in group.seats] == [WEDNESDAY_AT_TEN] * 2
    assert news(timedelta(hours=1)) == ["ben"]
    assert overfull() == []


def test_everybody_is_told_once_the_time_to_undo_is_over(
    group: GroupSession, service: Service, ines: Person, ben: Person, news: Send
) -> None:
    news(timedelta())
    moving.move(group, starts_at=TWO, by=ines, now=NOW)
    an_appointment(ines, ben, WEDNESDAY_AT_TEN)
    with pytest.raises(NotAllowedError, match="has been taken"):
        moving.undo(group, by=ines, now=NOW + MINUTE)
    assert news(3 * MINUTE) == ["alice"]
    with pytest.raises(NotAllowedError, match="has been told"):
        moving.undo(group, by=ines, now=NOW + 3 * MINUTE)


def test_whoever_leaves_before_the_move_is_told_hears_of_the_time_they_knew(
    group: GroupSession, ines: Person, alice: Person, news: Send, mailer: RecordingMailer
) -> None:
    news(timedelta())
    moving.move(group, starts_at=TWO, by=ines, now=NOW)
    cancel(group.seats[0], by=alice, now=NOW + MINUTE)
    assert news(timedelta(hours=1)) == []
    assert mailer.to(alice.email)[-1].subject == "Cancelled: Wednesday 25 November, 10:00"


def test_the_page_says_who_will_be_told_what_and_takes_a_move_back(
    as_: As, group: GroupSession, ines: Person, clara: Person
) -> None:
    browser, page = as_(ines), f"/groups/{group.id}/move"
    typed = {"day": "2026-11-25", "at": "14:00"}
    look = browser.get(page, query_string=typed).text
    assert "alice@example.org" in look
    assert "New time: Wednesday 25 November, 14:00" in look
    assert "Reminders of the new time" in look
    assert browser.get(page, query_string={"day": "", "at": "x"}).status_code == 422
    browser.post(page, data=typed)
    assert "Undo the move" in browser.get(f"/groups/{group.id}").text
    assert as_(clara).post(f"{page}/undo").status_code == 404
    browser.post(f"{page}/undo")
    db.session.expire_all()
    assert group.starts_at == WEDNESDAY_AT_TEN
    assert "nothing to undo" in browser.post(f"{page}/undo", follow_redirects=True).text


@pytest.fixture
def couple(ines: Person, alice: Person, ben: Person) -> Appointment:
    """Alice's place in a session for two that she booked, and that Ben comes to."""
    open_hours(ines)
    service = a_group_service(ines, name="Couples", kind=FAMILY, capacity=2, minutes=50)
    companion = Companion("Ben", ben.email, pays_own=True)
    seat = confirm(families.book(service, alice, WEDNESDAY_AT_TEN, [companion], now=NOW), now=NOW)
    [invitation] = seat.group_session.invitations
    confirm(invitations.accept(invitation, ben, now=NOW), now=NOW)
    db.session.commit()
    return seat


def test_whoever_booked_for_two_moves_it_for_both_within_the_policy(
    as_: As, couple: Appointment, ines: Person, alice: Person, ben: Person, news: Send
) -> None:
    news(timedelta())
    page, other = f"/appointments/{couple.id}/move", next(each for each in couple.group_session.seats if each != couple)
    assert "by whoever booked it" in as_(ben).get(f"/appointments/{other.id}/move").text
    browser = as_(alice)
    assert "Choose another time" in browser.get(page).text
    look = browser.get(page, query_string={"starts_at": "2026-11-25T19:00Z"}).text
    assert "Ben Okafor</strong>, e-mail to an address of their own" in look
    browser.post(page, data={"starts_at": "2026-11-25T19:00Z"})
    assert "Undo the move" in browser.get(f"/appointments/{couple.id}").text
    db.session.expire_all()
    assert [seat.starts_at for seat in couple.group_session.seats] == [TWO] * 2
    assert news(3 * MINUTE) == ["alice", "ben", "ines"]


def test_what_a_client_moves_for_all_goes_where_it_is_offered_and_not_too_late(
    couple: Appointment, ines: Person, alice: Person, ben: Person
) -> None:
    an_appointment(ines, a_client("Greta Holm"), TWO)
    for starts_at, refusal in ((TWO, SlotTakenError), (WEDNESDAY_AT_TEN - timedelta(hours=4), NotOfferedError)):
        with pytest.raises(refusal):
            moving.move_for_all(couple, starts_at=starts_at, by=alice, now=NOW)
        db.session.rollback()
    with pytest.raises(NotAllowedError):
        moving.move_for_all(couple, starts_at=TWO + timedelta(hours=1), by=ben, now=NOW)
    with pytest.raises(NotAllowedError, match="24 hours"):
        moving.move_for_all(couple, starts_at=TWO, by=alice, now=WEDNESDAY_AT_TEN - timedelta(hours=23))
    moved = moving.move_for_all(couple, starts_at=WEDNESDAY_AT_TEN + timedelta(minutes=30), by=alice, now=NOW)
    moving.undo(moved.group_session, by=alice, now=NOW + MINUTE)
    assert couple.starts_at == WEDNESDAY_AT_TEN


def test_nobody_joins_by_themselves_later_than_any_other_session_is_booked(
    as_: As, group: GroupSession, service: Service, ines: Person, ben: Person, clock: FrozenClock
) -> None:
    a_service(ines)
    late = group.starts_at - timedelta(minutes=119)
    with pytest.raises(NotOfferedError, match="until 2 hours before"):
        groups.join(group, ben, now=late)
    groups.add(group, ben, payer=None, now=late)
    db.session.commit()
    clock.instant = late
    other = as_(a_client("Chloe Lin"))
    assert "too late to join" in other.get(f"/groups/{group.id}/joining").text
    assert "Too late to join" in other.get(f"/counselors/{ines.id}?service_id={service.id}").text
