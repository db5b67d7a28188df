"""What must leave the house leaves once, after the commit, and only while it is wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, scoped_session

from practice.core import claims, delivery, outbox
from practice.core.carriers import RefusedError
from tests.core.messages import ABOUT, plan, state_of
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer

pytestmark = pytest.mark.usefixtures("wanted")


def test_a_message_planned_twice_is_sent_once(session: scoped_session[Session], mailer: RecordingMailer) -> None:
    assert (plan(), plan()) == (True, False)
    session.commit()
    delivery.deliver_due("one")
    delivery.deliver_due("two")
    assert [mail.subject for mail in mailer.sent] == ["About tea"]


def test_a_message_waits_until_it_is_due(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan(after=timedelta(hours=1))
    session.commit()
    clock.advance(minutes=59, seconds=59)
    delivery.deliver_due("one")
    assert mailer.sent == []
    clock.advance(seconds=1)
    delivery.deliver_due("one")
    assert len(mailer.sent) == 1


def test_no_more_is_claimed_than_was_asked_for(session: scoped_session[Session], clock: FrozenClock) -> None:
    for number in range(60):
        plan(f"tea {number}", after=timedelta(seconds=-number))
    session.commit()
    taken = [len(claims.claim("one", now=clock.now(), most=most)) for most in (7, 50, 7)]
    assert taken == [7, 50, 3]


def test_nothing_is_sent_for_what_was_rolled_back(session: scoped_session[Session], mailer: RecordingMailer) -> None:
    plan()
    session.rollback()
    delivery.deliver_due("one")
    assert mailer.sent == []


def test_a_withdrawn_message_is_never_sent(session: scoped_session[Session], mailer: RecordingMailer) -> None:
    plan("tea")
    plan("cake")
    assert outbox.withdraw(subject=ABOUT, now=MONDAY_MORNING) == 2
    session.commit()
    delivery.deliver_due("one")
    assert mailer.sent == []
    assert [message.state for message in outbox.about(ABOUT)] == ["withdrawn", "withdrawn"]


def test_what_is_no_longer_wanted_is_noticed_just_before_sending(
    session: scoped_session[Session], mailer: RecordingMailer, wanted: set[str]
) -> None:
    plan()
    session.commit()
    wanted.clear()
    delivery.deliver_due("one")
    assert mailer.sent == []
    assert state_of(session).state == "withdrawn"


def test_a_refused_message_is_not_tried_again(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan()
    session.commit()
    mailer.refusal = RefusedError("no such mailbox")
    delivery.deliver_due("one")
    mailer.refusal = None
    clock.advance(days=1)
    delivery.deliver_due("one")
    assert (state_of(session).state, mailer.sent) == ("failed", [])


def test_one_message_that_cannot_be_rendered_does_not_stop_the_others(
    session: scoped_session[Session], mailer: RecordingMailer
) -> None:
    outbox.plan(key="odd", kind="test.unknown", due_at=MONDAY_MORNING, now=MONDAY_MORNING)
    plan()
    session.commit()
    delivery.deliver_due("one")
    assert [mail.subject for mail in mailer.sent] == ["About tea"]
    assert state_of(session, "odd").state == "planned"


@pytest.mark.parametrize(
    ("answer", "state"),
    [(outbox.TooLate("an hour ago"), "late"), (outbox.Postponed(MONDAY_MORNING + timedelta(hours=3)), "planned")],
)
def test_a_renderer_may_say_too_late_or_not_yet(
    session: scoped_session[Session], mailer: RecordingMailer, answer: outbox.Rendered, state: str
) -> None:
    outbox.renders("test.kettle")(lambda message, now: answer)
    plan()
    session.commit()
    delivery.deliver_due("one")
    assert (state_of(session).state, state_of(session).attempts, mailer.sent) == (state, int(state == "late"), [])


def test_what_was_taken_back_untried_is_planned_again_and_nothing_else(session: scoped_session[Session]) -> None:
    plan("tea")
    plan("cake")
    outbox.withdraw(subject=ABOUT, now=MONDAY_MORNING)
    later = MONDAY_MORNING + timedelta(hours=1)
    again = [outbox.Planned(key, "test.kettle", later, subject=ABOUT) for key in ("tea", "bread")]
    assert outbox.plan_all(again, now=MONDAY_MORNING, revive=True) == 2
    assert outbox.plan_all(again, now=MONDAY_MORNING, revive=True) == 0
    assert [(each.key, each.state) for each in outbox.about(ABOUT)] == [
        ("cake", "withdrawn"),
        ("tea", "planned"),
        ("bread", "planned"),
    ]
