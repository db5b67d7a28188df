"""A move can be taken back for three minutes, and nobody hears of one that was."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from booking import previews, services
from booking.models.appointments import Appointment
from booking.refusals import NotAllowedError
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.spans import Span
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
Send = Callable[[int], list[str]]
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ELEVEN = WEDNESDAY_AT_TEN + HOUR


@pytest.fixture
def booked(ines: Person, alice: Person) -> Appointment:
    """A session of Alice with Ines on Wednesday at ten."""
    return a_booking(an_offer(ines), alice)


@pytest.fixture
def subjects(clock: FrozenClock, mailer: RecordingMailer) -> Send:
    """Let so many seconds pass since Monday morning, and read what has reached Alice's mailbox."""

    def _subjects(seconds: int) -> list[str]:
        db.session.commit()
        clock.instant = MONDAY_MORNING + seconds * SECOND
        while deliver_due("worker"):
            pass
        return [mail.subject for mail in mailer.to("alice@example.org")][1:]

    return _subjects


def test_nobody_hears_of_a_move_that_was_undone(booked: Appointment, alice: Person, subjects: Send) -> None:
    subjects(0)
    services.move(booked, starts_at=ELEVEN, by=alice, now=MONDAY_MORNING)
    assert subjects(179) == []
    services.undo_move(booked, by=alice, now=MONDAY_MORNING + 179 * SECOND)
    assert (booked.starts_at, booked.sequence) == (WEDNESDAY_AT_TEN, 2)
    assert subjects(400) == []


def test_both_are_told_once_the_time_to_undo_is_over(booked: Appointment, alice: Person, subjects: Send) -> None:
    subjects(0)
    services.move(booked, starts_at=ELEVEN, by=alice, now=MONDAY_MORNING)
    assert subjects(180) == ["New time: Wednesday 25 November, 11:00"]
    with pytest.raises(NotAllowedError, match="have been told"):
        services.undo_move(booked, by=alice, now=MONDAY_MORNING + 180 * SECOND)
    assert booked.starts_at == ELEVEN


def test_two_moves_in_a_row_are_one_piece_of_news(
    booked: Appointment, alice: Person, subjects: Send, mailer: RecordingMailer
) -> None:
    subjects(0)
    services.move(booked, starts_at=ELEVEN, by=alice, now=MONDAY_MORNING)
    services.move(booked, starts_at=ELEVEN + HOUR, by=alice, now=MONDAY_MORNING + SECOND)
    assert subjects(400) == ["New time: Wednesday 25 November, 12:00"]
    assert "the appointment of Wednesday 25 November, 10:00 has moved" in mailer.to("alice@example.org")[-1].text


def test_undoing_the_second_of_two_moves_tells_of_the_first(booked: Appointment, alice: Person, subjects: Send) -> None:
    subjects(0)
    services.move(booked, starts_at=ELEVEN, by=alice, now=MONDAY_MORNING)
    services.move(booked, starts_at=ELEVEN + HOUR, by=alice, now=MONDAY_MORNING + SECOND)
    services.undo_move(booked, by=alice, now=MONDAY_MORNING + 2 * SECOND)
    assert subjects(400) == ["New time: Wednesday 25 November, 11:00"]


def test_a_cancellation_right_after_a_move_names_the_time_people_know(
    booked: Appointment, alice: Person, subjects: Send
) -> None:
    subjects(0)
    services.move(booked, starts_at=ELEVEN, by=alice, now=MONDAY_MORNING)
    services.cancel(booked, by=alice, now=MONDAY_MORNING + SECOND)
    assert subjects(400) == ["Cancelled: Wednesday 25 November, 10:00"]


def test_an_old_time_that_is_gone_is_said_in_words(
    booked: Appointment, ines: Person, alice: Person, ben: Person
) -> None:
    services.move(booked, starts_at=ELEVEN, by=alice, now=MONDAY_MORNING)
    a_booking(booked.service, ben)
    with pytest.raises(NotAllowedError, match="has been taken in the meantime"):
        services.undo_move(booked, by=alice, now=MONDAY_MORNING + SECOND)
    with pytest.raises(NotAllowedError, match="nothing to undo"):
        services.undo_move(booked, by=ines, now=MONDAY_MORNING + SECOND)
    assert booked.starts_at == ELEVEN


def test_a_counselor_stretches_a_session_and_undoes_that(booked: Appointment, ines: Person, alice: Person) -> None:
    with pytest.raises(NotAllowedError, match="decides how long"):
        services.move(booked, starts_at=WEDNESDAY_AT_TEN, minutes=80, by=alice, now=MONDAY_MORNING)
    services.move(booked, starts_at=WEDNESDAY_AT_TEN, minutes=80, by=ines, now=MONDAY_MORNING)
    assert (booked.span.minutes, booked.blocked.minutes, booked.price_cents) == (80, 90, 12000)
    services.undo_move(booked, by=ines, now=MONDAY_MORNING + SECOND)
    assert (booked.span.minutes, booked.blocked.minutes) == (50, 60)


def test_both_are_told_of_another_length(
    booked: Appointment, ines: Person, subjects: Send, mailer: RecordingMailer
) -> None:
    subjects(0)
    services.move(booked, starts_at=WEDNESDAY_AT_TEN, minutes=80, by=ines, now=MONDAY_MORNING)
    assert subjects(400) == ["New time: Wednesday 25 November, 10:00"]
    assert "now lasts 80 minutes; it begins and costs the same" in mailer.to("alice@example.org")[-1].text


def test_the_notices_of_a_move_are_known_beforehand(booked: Appointment, ines: Person, alice: Person) -> None:
    planned = previews.of_move(booked, Span.lasting(ELEVEN, 50), MONDAY_MORNING)
    assert [(each.person, each.subject.partition(":")[0]) for each in planned] == [
        (alice, "New time"),
        (ines, "New time"),
        (alice, "Coming up"),
        (alice, "Coming up"),
        (ines, "Coming up"),
    ]
    assert {each.due_at for each in planned[:2]} == {MONDAY_MORNING + timedelta(minutes=3)}


def test_the_last_look_names_the_letters_and_the_page_offers_to_undo(
    as_: As, booked: Appointment, alice: Person, ines: Person, clock: FrozenClock
) -> None:
    browser, path = as_(alice), f"/appointments/{booked.id}"
    look = browser.get(f"{path}/move?starts_at=2026-11-25T16:00Z").text
    assert "e-mail to ines@example.org" in look
    browser.post(f"{path}/move", data={"starts_at": "2026-11-25T16:00Z"})
    assert "Undo the move" in browser.get(path).text
    assert "Undo the move" not in as_(ines).get(path).text
    assert browser.post(f"{path}/move/undo").location == path
    assert "back at its old time" in browser.get(path).text
    assert "nothing to undo" in browser.post(f"{path}/move/undo", follow_redirects=True).text
