"""Groups, couples and families: who comes, who pays, and what happens to all when something happens to one."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from billing import invoicing
from booking import availability, services
from booking.calendars import feeds
from booking.groups import families, invitations, moving
from booking.groups import services as groups
from booking.groups.shares import shares
from booking.groups.terms import Companion
from booking.holds import expire_overdue
from booking.models.appointments import Appointment
from booking.models.groups import GroupSession
from booking.policy import CANCELLED, CONFIRMED, EXPIRED, FAMILY, HELD
from booking.refusals import ClientBusyError, FullError, NotAllowedError, NotOfferedError, SlotTakenError
from practice.core.db import db
from practice.core.money import Money
from practice.core.outbox import OutboxMessage, renderer_of
from practice.core.spans import Span
from tests.booking.builders import WEDNESDAY_AT_TEN, a_service, an_appointment, open_hours
from tests.booking.group_builders import a_group, a_group_service
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING as NOW

LATER = WEDNESDAY_AT_TEN + timedelta(days=1)


@given(cents=st.integers(0, 500_000), own=st.lists(st.booleans(), max_size=10))
@settings(max_examples=200)
def test_shares_add_up_to_the_cent_whoever_pays_for_whom(cents, own):
    booker, *others = shares(Money(cents, "USD"), own)
    assert booker.cents + sum(part.cents for part in others) == cents
    assert [part.cents for part, pays in zip(others, own, strict=True) if not pays] == [0] * own.count(False)
    fair = cents / (len(own) + 1)
    assert all(abs(part.cents - fair) < 1 for part, pays in zip(others, own, strict=True) if pays)
    assert abs(booker.cents - fair * (1 + own.count(False))) < 1 + own.count(False)


@pytest.fixture
def group(ines):
    open_hours(ines)
    return a_group(a_group_service(ines))


@pytest.fixture
def couples(ines):
    open_hours(ines)
    return a_group_service(ines, name="Couples", kind=FAMILY, capacity=2, minutes=50, price_cents=18001)


def planned(kind: str) -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def test_a_group_takes_the_counselors_time_and_no_more_people_than_places(group, ines, alice, ben):
    window = Span(group.starts_at - timedelta(hours=3), group.ends_at + timedelta(hours=3))
    free = availability.free_times(ines.id, availability.need_of(a_service(ines)), window, NOW)
    assert not [each for each in free if group.blocked.overlaps(Span.lasting(each, 60))]
    assert len(free) > 0
    groups.change_places(group, capacity=2, listed=True, now=NOW)
    first = groups.join(group, alice, now=NOW)
    assert (first.status, first.price) == (HELD, Money(4000, "USD"))
    assert groups.join(group, alice, now=NOW).id == first.id
    groups.join(group, ben, now=NOW)
    with pytest.raises(FullError):
        groups.join(group, a_client("Chloe Lin"), now=NOW)
    chloe = a_client("Daniel Roth")
    assert groups.join(group, chloe, now=NOW + timedelta(minutes=11)).status == HELD


def test_what_overlaps_is_refused_in_words(group, ines, alice, ben):
    with pytest.raises(SlotTakenError):
        a_group(group.service, group.starts_at + timedelta(minutes=60))
    with pytest.raises(NotOfferedError, match="passed"):
        a_group(group.service, NOW - timedelta(hours=1))
    an_appointment(ines, ben, LATER)
    groups.add(group, alice, payer=None, now=NOW)
    with pytest.raises(SlotTakenError):
        moving.move(group, starts_at=LATER, by=ines, now=NOW)
    db.session.rollback()
    with pytest.raises(NotOfferedError, match="another way"):
        services.hold(counselor=ines, client=alice, service=group.service, starts_at=LATER, now=NOW)


def test_a_session_moves_with_everybody_and_their_reminders(group, ines, clara, alice, ben):
    for client in (alice, ben):
        groups.add(group, client, payer=None, now=NOW)
    for each in planned("booking.confirmed"):
        each.state = "sent"
    db.session.commit()
    moving.move(group, starts_at=LATER, by=ines, now=NOW)
    db.session.commit()
    seats = db.session.scalars(select(Appointment).where(Appointment.group_session_id == group.id)).all()
    assert [(seat.starts_at, seat.sequence, seat.status) for seat in seats] == [(LATER, 1, CONFIRMED)] * 2
    still = [each for each in planned("booking.reminder") if each.state == "planned" and each.recipient_id != ines.id]
    assert {each.payload["version"] for each in still} == {1}
    assert {each.recipient_id for each in planned("booking.moved")} == {alice.id, ben.id}
    assert [each.state for each in planned("booking.group_reminder")] == ["withdrawn", "planned"]
    an_appointment(clara, ben, LATER + timedelta(days=1))
    with pytest.raises(ClientBusyError, match="Ben has another session"):
        moving.move(group, starts_at=LATER + timedelta(days=1), by=ines, now=NOW)


def test_calling_off_ends_every_place_and_frees_the_time(group, ines, alice, ben):
    for client in (alice, ben):
        groups.add(group, client, payer=None, now=NOW)
    groups.call_off(group, by=ines, now=NOW, reason="The room is flooded.")
    db.session.commit()
    seats = db.session.scalars(select(Appointment).where(Appointment.group_session_id == group.id)).all()
    assert {seat.status for seat in seats} == {group.status} == {CANCELLED}
    assert {each.state for each in planned("booking.reminder")} == {"withdrawn"}
    assert {each.state for each in planned("booking.group_reminder")} == {"withdrawn"}
    assert {each.recipient_id for each in planned("booking.cancelled")} == {alice.id, ben.id}
    a_group(group.service, group.starts_at)


def test_whoever_pays_is_billed(group, alice, ben):
    seat = groups.add(group, ben, payer=alice, now=NOW)
    invoice = invoicing.of(seat)
    assert invoice is not None
    assert (invoice.client_id, invoice.parties["client"]["name"], invoice.total) == (
        alice.id,
        alice.name,
        Money(4000, "USD"),
    )
    own = groups.add(group, alice, payer=None, now=NOW)
    assert invoicing.of(own).client_id == alice.id


def test_a_seat_is_not_moved_on_its_own(group, ines, alice):
    seat = groups.add(group, alice, payer=None, now=NOW)
    with pytest.raises(NotAllowedError, match="Others share"):
        services.move(seat, starts_at=LATER, by=ines, now=NOW)


def a_couple(couples, alice, pays_own=True):
    companion = Companion("Ben", "ben@example.org", pays_own=pays_own)
    seat = families.book(couples, alice, WEDNESDAY_AT_TEN, [companion], now=NOW)
    db.session.commit()
    return seat


def test_a_couple_shares_the_price_and_the_other_is_asked_once_it_stands(couples, alice, ben):
    seat = a_couple(couples, alice)
    assert a_couple(couples, alice).id == seat.id
    session = seat.group_session
    assert (session.status, seat.price.cents, planned("booking.group_invitation")) == (HELD, 9001, [])
    services.confirm(seat, now=NOW)
    db.session.commit()
    (letter,) = planned("booking.group_invitation")
    invitation = invitations.found(letter.payload["secret"])
    his = invitations.accept(invitation, ben, now=NOW)
    assert (his.status, his.price.cents, his.span) == (HELD, 9000, seat.span)
    assert invitations.accept(invitation, ben, now=NOW).id == his.id
    with pytest.raises(NotAllowedError, match="already come in"):
        invitations.accept(invitation, a_client("Chloe Lin"), now=NOW)
    expire_overdue(NOW + timedelta(minutes=11))
    assert invitations.accept(invitation, ben, now=NOW + timedelta(minutes=12)).status == HELD


def test_an_unpaid_couples_hour_is_free_again(couples, ines, alice):
    seat = a_couple(couples, alice)
    expire_overdue(NOW + timedelta(minutes=11))
    db.session.commit()
    assert (seat.status, seat.group_session.status) == (EXPIRED, EXPIRED)
    an_appointment(ines, alice, WEDNESDAY_AT_TEN)


def test_when_the_booker_cancels_nobody_is_left_sitting_there(couples, alice, ben):
    seat = a_couple(couples, alice, pays_own=False)
    services.confirm(seat, now=NOW)
    invitation = db.session.scalars(select(GroupSession)).one().invitations[0]
    his = invitations.accept(invitation, ben, now=NOW)
    assert (his.status, his.price.cents) == (CONFIRMED, 0)
    services.cancel(seat, by=alice, now=NOW)
    db.session.commit()
    assert {seat.status, his.status, seat.group_session.status} == {CANCELLED}


def test_when_the_partner_cancels_the_session_stays(couples, alice, ben):
    seat = a_couple(couples, alice, pays_own=False)
    services.confirm(seat, now=NOW)
    his = invitations.accept(seat.group_session.invitations[0], ben, now=NOW)
    services.cancel(his, by=ben, now=NOW)
    assert (seat.status, seat.group_session.status) == (CONFIRMED, "scheduled")


def test_a_couples_session_goes_as_one_when_its_counselor_cancels(couples, ines, alice, ben):
    seat = a_couple(couples, alice, pays_own=False)
    services.confirm(seat, now=NOW)
    his = invitations.accept(seat.group_session.invitations[0], ben, now=NOW)
    groups.call_off(seat.group_session, by=ines, now=NOW)
    db.session.commit()
    assert {seat.status, his.status, seat.group_session.status} == {CANCELLED}
    a_group(a_group_service(ines), WEDNESDAY_AT_TEN)


def test_the_counselors_own_calendar_has_one_entry_for_all(group, ines, alice, ben):
    for client in (alice, ben):
        groups.add(group, client, payer=None, now=NOW)
    for person in (ines, alice):
        feeds.renew(person, now=NOW)
        written = feeds.written(feeds.of(person), NOW)
        assert written.count(b"BEGIN:VEVENT") == 1
        assert b"Okafor" not in written


def test_the_letters_of_a_shared_session_are_written_once_they_leave(couples, ines, alice):
    services.confirm(a_couple(couples, alice), now=NOW)
    (invitation,) = planned("booking.group_invitation")
    (reminder,) = planned("booking.group_reminder")
    letter = renderer_of(invitation.kind)(invitation, NOW)
    assert (letter.to, letter.subject) == ("ben@example.org", "Alice asks you along")
    assert f"/companions/{invitation.payload['secret']}" in letter.text
    assert "A place is kept for you" in letter.text
    assert "Moreau" not in letter.text + letter.html
    later = renderer_of(reminder.kind)(reminder, reminder.due_at)
    assert (later.to, "several people" in later.text) == (ines.email, True)
    assert renderer_of(reminder.kind)(reminder, reminder.due_at + timedelta(minutes=50)) is None
