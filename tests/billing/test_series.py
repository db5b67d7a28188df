"""Each session of a series is billed and paid on its own, a week before it takes place."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from billing import coming, invoicing
from booking import services as single
from booking.series import queries
from practice.core import outbox
from practice.core.db import db
from practice.core.delivery import deliver_due
from tests.booking.builders import WEDNESDAY_AT_TEN, an_offer
from tests.booking.test_series import a_wish, booked
from tests.fakes import MONDAY_MORNING

WEEK = timedelta(weeks=1)


def test_only_what_is_near_is_billed_and_the_rest_a_week_before_it(app, ines, alice, clock, mailer, as_):
    service = an_offer(ines, recurring_allowed=True)
    sessions = queries.sessions_of(booked(a_wish(service, alice)).id)
    single.confirm(sessions[0], now=MONDAY_MORNING)
    db.session.commit()
    assert [invoicing.of(each) is not None for each in sessions] == [True, False, False, False]
    assert "To be paid before this session" not in as_(alice).get(f"/appointments/{sessions[1].id}").text
    assert "you can also pay now" in as_(alice).get(f"/appointments/{sessions[1].id}").text
    clock.instant = WEDNESDAY_AT_TEN
    assert coming.bill_what_is_near(clock.instant) == 1
    assert coming.bill_what_is_near(clock.instant) == 0
    db.session.commit()
    assert [invoicing.of(each) is not None for each in sessions] == [True, True, False, False]
    due = select(outbox.OutboxMessage).where(outbox.OutboxMessage.kind == coming.DUE)
    assert [each.recipient_id for each in db.session.scalars(due)] == [alice.id]
    while deliver_due("worker"):
        pass
    (letter,) = [mail for mail in mailer.to("alice@example.org") if mail.subject == "To be paid: $120.00"]
    assert f"/appointments/{sessions[1].id}/payment" in letter.text
    assert "Wednesday 2 December, 10:00" in letter.html


def test_a_session_cancelled_before_it_was_billed_owes_nothing(ines, alice):
    service = an_offer(ines, recurring_allowed=True)
    sessions = queries.sessions_of(booked(a_wish(service, alice)).id)
    single.confirm(sessions[0], now=MONDAY_MORNING)
    single.cancel(sessions[2], by=alice, now=MONDAY_MORNING)
    db.session.commit()
    assert coming.bill_what_is_near(sessions[2].starts_at - timedelta(days=1)) == 1
    assert invoicing.of(sessions[2]) is None
