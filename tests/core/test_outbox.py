"""What must leave the house leaves once, after the commit, and only while it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from practice.core import claims, delivery, outbox
from practice.core.carriers import CarrierDownError, LineDownError, OutcomeUnknownError, RefusedError
from practice.core.mail import Mail
from practice.core.outbox import OutboxMessage
from practice.core.texts import Text
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer, RecordingTexter

ABOUT = ("kettle", 7)


@pytest.fixture(autouse=True)
def wanted() -> Iterator[set[str]]:
    """Render test messages while their key is wanted."""
    keys = {"tea", "cake"}

    def render(message: OutboxMessage, now: object) -> Mail | None:
        return Mail("alice@example.org", message.payload["subject"], "Words.") if message.key in keys else None

    outbox.renders("test.kettle")(render)
    yield keys
    outbox._renderers.pop("test.kettle")
    outbox._renderers.pop("test.text", None)


def _plan(key: str = "tea", *, after: timedelta = timedelta()) -> bool:
    return outbox.plan(
        key=key,
        kind="test.kettle",
        payload={"subject": f"About {key}"},
        due_at=MONDAY_MORNING + after,
        now=MONDAY_MORNING,
        subject=ABOUT,
    )


def _state(session: scoped_session[Session], key: str = "tea") -> OutboxMessage:
    session.expire_all()
    return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def test_a_message_planned_twice_is_sent_once(session: scoped_session[Session], mailer: RecordingMailer) -> None:
    assert (_plan(), _plan()) == (True, False)
    session.commit()
    delivery.deliver_due("one")
    delivery.deliver_due("two")
    assert [mail.subject for mail in mailer.sent] == ["About tea"]


def test_a_message_waits_until_it_is_due(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan(after=timedelta(hours=1))
    session.commit()
    clock.advance(minutes=59, seconds=59)
    delivery.deliver_due("one")
    assert mailer.sent == []
    clock.advance(seconds=1)
    delivery.deliver_due("one")
    assert len(mailer.sent) == 1


def test_no_more_is_claimed_than_was_asked_for(session: scoped_session[Session], clock: FrozenClock) -> None:
    for number in range(60):
        _plan(f"tea {number}", after=timedelta(seconds=-number))
    session.commit()
    taken = [len(claims.claim("one", now=clock.now(), most=most)) for most in (7, 50, 7)]
    assert taken == [7, 50, 3]


def test_nothing_is_sent_for_what_was_rolled_back(session: scoped_session[Session], mailer: RecordingMailer) -> None:
    _plan()
    session.rollback()
    delivery.deliver_due("one")
    assert mailer.sent == []


def test_a_withdrawn_message_is_never_sent(session: scoped_session[Session], mailer: RecordingMailer) -> None:
    _plan("tea")
    _plan("cake")
    assert outbox.withdraw(subject=ABOUT, now=MONDAY_MORNING) == 2
    session.commit()
    delivery.deliver_due("one")
    assert mailer.sent == []
    assert [message.state for message in outbox.about(ABOUT)] == ["withdrawn", "withdrawn"]


def test_what_is_no_longer_wanted_is_noticed_just_before_sending(
    session: scoped_session[Session], mailer: RecordingMailer, wanted: set[str]
) -> None:
    _plan()
    session.commit()
    wanted.clear()
    delivery.deliver_due("one")
    assert mailer.sent == []
    assert _state(session).state == "withdrawn"


def test_a_mail_server_that_is_down_is_tried_again_later(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    mailer.refusal = CarrierDownError("connection refused")
    delivery.deliver_due("one")
    waiting = _state(session)
    assert (waiting.state, waiting.attempts, waiting.last_error) == ("planned", 1, "connection refused")
    assert waiting.due_at > clock.now()
    mailer.refusal = None
    clock.advance(minutes=2)
    delivery.deliver_due("one")
    assert _state(session).state == "sent"
    assert len(mailer.sent) == 1


def test_a_refused_message_is_not_tried_again(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    mailer.refusal = RefusedError("no such mailbox")
    delivery.deliver_due("one")
    mailer.refusal = None
    clock.advance(days=1)
    delivery.deliver_due("one")
    assert (_state(session).state, mailer.sent) == ("failed", [])


def test_one_message_that_cannot_be_rendered_does_not_stop_the_others(
    session: scoped_session[Session], mailer: RecordingMailer
) -> None:
    outbox.plan(key="odd", kind="test.unknown", due_at=MONDAY_MORNING, now=MONDAY_MORNING)
    _plan()
    session.commit()
    delivery.deliver_due("one")
    assert [mail.subject for mail in mailer.sent] == ["About tea"]
    assert _state(session, "odd").state == "planned"


def test_a_message_that_fails_for_good_is_given_up_in_the_end(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    mailer.refusal = CarrierDownError("connection refused")
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver_due("one")
        clock.advance(hours=2)
    assert _state(session).state == "failed"


def test_a_worker_that_comes_back_from_the_dead_settles_nothing(
    session: scoped_session[Session], clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    [lost] = claims.claim("one", now=clock.now(), most=5)
    [taken_over] = claims.take_over("two", [(lost.message_id, lost.attempts)])
    claims.settle([claims.Outcome(lost, "failed")], now=clock.now())
    assert _state(session).state == "sending"
    claims.settle([claims.Outcome(taken_over, "sent")], now=clock.now())
    assert _state(session).state == "sent"


def test_a_message_in_dead_hands_is_taken_over_after_a_lease_and_with_the_same_message_id(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan()
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
    _plan("tea")
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
    _plan()
    session.commit()
    [held] = claims.claim("killed after the reply", now=clock.now(), most=5)
    claims.settle([claims.Outcome(held, "planned")], now=clock.now())
    mailer.taken.add(Mail("", "", "").keyed("tea", "stillpoint.example").message_id)
    delivery.deliver_due("two")
    assert (mailer.sent, _state(session).state) == ([], "sent")


@pytest.mark.parametrize("hours", [-26, 26])
def test_a_clock_that_jumps_takes_nothing_out_of_living_hands_and_keeps_nothing_from_dead_ones(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock, hours: int
) -> None:
    _plan()
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
    _plan(after=timedelta(hours=1))
    _plan("cake", after=timedelta(hours=5))
    session.commit()
    for hours in (2, -2, 2, 4):
        clock.jump(hours=hours)
        delivery.deliver_due("one")
    assert [mail.subject for mail in mailer.sent] == ["About tea", "About cake"]


def test_a_slow_mail_server_gets_no_message_that_the_lease_might_not_outlast(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan("tea")
    _plan("cake")
    session.commit()
    mailer.meanwhile = lambda: clock.advance(seconds=delivery.HANDS_ON_SECONDS + 1)
    assert delivery.deliver_due("one") == 1
    assert [_state(session, key).state for key in ("tea", "cake")] == ["sent", "planned"]
    assert _state(session, "cake").attempts == 0
    assert delivery.deliver_due("two") == 1


def test_while_the_mail_server_is_away_one_message_of_a_batch_is_tried(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan("tea")
    _plan("cake")
    session.commit()
    mailer.refusal = LineDownError("connection refused")
    delivery.deliver_due("one")
    assert sorted(_state(session, key).attempts for key in ("tea", "cake")) == [0, 1]
    assert all(_state(session, key).due_at > clock.now() for key in ("tea", "cake"))


def test_a_text_whose_fate_is_unknown_is_asked_about_by_our_own_words_before_it_is_sent_again(
    session: scoped_session[Session], texter: RecordingTexter, clock: FrozenClock
) -> None:
    outbox.renders("test.text")(lambda message, now: Text("+12125550142", f"Code {message.key}"))
    outbox.plan(key="4711", kind="test.text", channel="sms", due_at=MONDAY_MORNING, now=MONDAY_MORNING)
    session.commit()
    texter.refusal = OutcomeUnknownError("the answer never came")
    delivery.deliver_due("one")
    assert (_state(session, "4711").state, _state(session, "4711").uncertain) == ("planned", True)
    texter.refusal = None
    clock.advance(minutes=2)
    delivery.deliver_due("two")
    settled = _state(session, "4711")
    assert (settled.state, settled.provider_id, settled.uncertain) == ("sent", "SM1", False)
    assert texter.to("+12125550142") == ["Code 4711"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [(outbox.TooLate("an hour ago"), "late"), (outbox.Postponed(MONDAY_MORNING + timedelta(hours=3)), "planned")],
)
def test_a_renderer_may_say_too_late_or_not_yet(
    session: scoped_session[Session], mailer: RecordingMailer, answer: outbox.Rendered, state: str
) -> None:
    outbox.renders("test.kettle")(lambda message, now: answer)
    _plan()
    session.commit()
    delivery.deliver_due("one")
    assert (_state(session).state, _state(session).attempts, mailer.sent) == (state, int(state == "late"), [])


def test_what_was_taken_back_untried_is_planned_again_and_nothing_else(session: scoped_session[Session]) -> None:
    _plan("tea")
    _plan("cake")
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
