"""A message outlives servers that are down, workers that die and clocks that jump, and still leaves once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, scoped_session

from practice.core import claims, delivery, outbox
from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError
from practice.core.mail import Mail
from practice.core.texts import Text
from tests.core.messages import plan, state_of
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer, RecordingTexter

pytestmark = pytest.mark.usefixtures("wanted")


def test_a_mail_server_that_is_down_is_tried_again_later(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan()
    session.commit()
    mailer.refusal = CarrierDownError("connection refused")
    delivery.deliver_due("one")
    waiting = state_of(session)
    assert (waiting.state, waiting.attempts, waiting.last_error) == ("planned", 1, "connection refused")
    assert waiting.due_at > clock.now()
    mailer.refusal = None
    clock.advance(minutes=2)
    delivery.deliver_due("one")
    assert state_of(session).state == "sent"
    assert len(mailer.sent) == 1


def test_a_message_that_fails_for_good_is_given_up_in_the_end(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan()
    session.commit()
    mailer.refusal = CarrierDownError("connection refused")
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver_due("one")
        clock.advance(hours=2)
    assert state_of(session).state == "failed"


def test_a_worker_that_comes_back_from_the_dead_settles_nothing(
    session: scoped_session[Session], clock: FrozenClock
) -> None:
    plan()
    session.commit()
    [lost] = claims.claim("one", now=clock.now(), most=5)
    [taken_over] = claims.take_over("two", [(lost.message_id, lost.attempts)])
    claims.settle([claims.Outcome(lost, "failed")], now=clock.now())
    assert state_of(session).state == "sending"
    claims.settle([claims.Outcome(taken_over, "sent")], now=clock.now())
    assert state_of(session).state == "sent"


def test_a_message_in_dead_hands_is_taken_over_after_a_lease_and_with_the_same_message_id(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan()
    session.commit()
    claims.claim("killed", now=clock.now(), most=5)
    other = delivery.Courier("two")
    other.empty()
    clock.advance(minutes=4, seconds=59)
    other.empty()
    assert mailer.sent == []
    clock.advance(seconds=1)
    other.empty()
    assert mailer.sent[0].message_id == Mail("", "", "").keyed("tea", "stillpoint.example").message_id


def test_what_the_dead_held_is_taken_over_as_soon_as_no_carrier_can_be_busy_with_it(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan("tea")
    session.commit()
    claims.claim("killed", now=clock.now(), most=1)
    dead: set[str] = set()
    other = delivery.Courier("two", watch=claims.Watch(dead.__contains__))
    other.empty()
    clock.advance(seconds=60)
    dead.add("killed")
    other.empty()
    clock.advance(seconds=claims.DEAD_SECONDS - 1)
    other.empty()
    assert mailer.sent == []
    clock.advance(seconds=1)
    other.empty()
    assert [mail.subject for mail in mailer.sent] == ["About tea"]


def test_what_the_mail_server_already_took_is_not_sent_again(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan()
    session.commit()
    [held] = claims.claim("killed after the reply", now=clock.now(), most=5)
    claims.settle([claims.Outcome(held, "planned")], now=clock.now())
    mailer.taken.add(Mail("", "", "").keyed("tea", "stillpoint.example").message_id)
    delivery.deliver_due("two")
    assert (mailer.sent, state_of(session).state) == ([], "sent")


@pytest.mark.parametrize("hours", [-26, 26])
def test_a_clock_that_jumps_takes_nothing_out_of_living_hands_and_keeps_nothing_from_dead_ones(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock, hours: int
) -> None:
    plan()
    session.commit()
    claims.claim("one", now=clock.now(), most=5)
    other = delivery.Courier("two")
    other.empty()
    clock.jump(hours=hours)
    other.empty()
    assert mailer.sent == []
    clock.advance(minutes=5)
    other.empty()
    assert len(mailer.sent) == 1


def test_a_clock_that_jumps_forward_and_back_sends_nothing_twice(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan(after=timedelta(hours=1))
    plan("cake", after=timedelta(hours=5))
    session.commit()
    for hours in (2, -2, 2, 4):
        clock.jump(hours=hours)
        delivery.deliver_due("one")
    assert [mail.subject for mail in mailer.sent] == ["About tea", "About cake"]


def test_a_slow_mail_server_gets_no_message_that_the_lease_might_not_outlast(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan("tea")
    plan("cake")
    session.commit()
    mailer.meanwhile = lambda: clock.advance(seconds=delivery.HANDS_ON_SECONDS + 1)
    assert delivery.deliver_due("one") == 1
    assert [state_of(session, key).state for key in ("tea", "cake")] == ["sent", "planned"]
    assert state_of(session, "cake").attempts == 0
    assert delivery.deliver_due("two") == 1


def test_while_the_mail_server_is_away_one_message_of_a_batch_is_tried(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    plan("tea")
    plan("cake")
    session.commit()
    mailer.refusal = LineDownError("connection refused")
    delivery.deliver_due("one")
    assert sorted(state_of(session, key).attempts for key in ("tea", "cake")) == [0, 1]
    assert all(state_of(session, key).due_at > clock.now() for key in ("tea", "cake"))


def test_a_text_whose_fate_is_unknown_is_asked_about_by_our_own_words_before_it_is_sent_again(
    session: scoped_session[Session], texter: RecordingTexter, clock: FrozenClock
) -> None:
    outbox.renders("test.text")(lambda message, now: Text("+12125550142", f"Code {message.key}"))
    outbox.plan(key="4711", kind="test.text", channel="sms", due_at=MONDAY_MORNING, now=MONDAY_MORNING)
    session.commit()
    texter.refusal = OutcomeUnknownError("the answer never came")
    delivery.deliver_due("one")
    assert (state_of(session, "4711").state, state_of(session, "4711").uncertain) == ("planned", True)
    texter.refusal = None
    clock.advance(minutes=2)
    delivery.deliver_due("two")
    settled = state_of(session, "4711")
    assert (settled.state, settled.provider_id, settled.uncertain) == ("sent", "SM1", False)
    assert texter.to("+12125550142") == ["Code 4711"]
