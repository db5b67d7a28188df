"""What must leave the house leaves once, after the commit, and only while it is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from practice.core import delivery, outbox
from practice.core.mail import Mail, MailRefusedError, MailServerDownError
from practice.core.outbox import OutboxMessage
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer

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
    mailer.refusal = MailServerDownError("connection refused")
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
    mailer.refusal = MailRefusedError("no such mailbox")
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
    mailer.refusal = MailServerDownError("connection refused")
    for _ in range(delivery.MOST_ATTEMPTS):
        delivery.deliver_due("one")
        clock.advance(hours=2)
    assert _state(session).state == "failed"


def test_a_worker_that_comes_back_from_the_dead_settles_nothing(
    session: scoped_session[Session], clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    [lost] = delivery.claim("one", now=clock.now(), most=5)
    clock.advance(minutes=5)
    [taken_over] = delivery.claim("two", now=clock.now(), most=5)
    assert not delivery.settle(lost, state="failed", now=clock.now())
    assert delivery.settle(taken_over, state="sent", now=clock.now())
    assert _state(session).state == "sent"


def test_every_attempt_at_a_message_carries_the_same_message_id(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    delivery.claim("killed", now=clock.now(), most=5)
    clock.advance(minutes=5)
    delivery.deliver_due("two")
    assert mailer.sent[0].message_id == Mail("", "", "").keyed("tea", "stillpoint.example").message_id


def test_what_the_mail_server_already_took_is_not_sent_again(
    session: scoped_session[Session], mailer: RecordingMailer, clock: FrozenClock
) -> None:
    _plan()
    session.commit()
    delivery.claim("killed after the reply", now=clock.now(), most=5)
    mailer.taken.add(Mail("", "", "").keyed("tea", "stillpoint.example").message_id)
    clock.advance(minutes=5)
    delivery.deliver_due("two")
    assert (mailer.sent, _state(session).state) == ([], "sent")
