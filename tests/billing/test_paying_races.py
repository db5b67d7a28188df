"""Presses and news at the same instant."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

import pytest
from sqlalchemy import select, text

from billing import checking, refunding, webhooks
from billing import payments as paying
from billing.models import Refund
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import Payments, RefundState
from tests.billing.builders import (
    a_paid,
    accounts,
    an_open_payment,
    planned,
    the_payment,
    unbalanced,
)
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE, FakePayments
from tests.support.servers import until

FEE = Money(120_00, "USD")


@pytest.mark.race
def test_many_presses_at_the_same_instant_open_one_payment(app, held):
    number = held.id
    db.session.commit()

    def press(_place: int) -> str:
        with app.app_context():
            payment = paying.start(db.session.get(Appointment, number), now=NOW)
            db.session.commit()
            return payment.uid

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(press, range(12)))) == 1
    assert the_payment().status == "new"


@pytest.mark.race
def test_the_person_and_the_news_that_come_at_the_same_instant_book_once(app, held, payments):
    payment = an_open_payment(held, payments)
    number, paid = payment.id, payments.pay(payment.checkout_id)
    bodies = [payments.event("payment_intent.succeeded", paid) for _ in range(6)]
    db.session.commit()

    def arrive(place: int) -> str:
        with app.app_context():
            if place % 2:
                return checking.check(payments, number, now=NOW).fate
            return webhooks.receive(payments, payments.read_event(bodies[place // 2], SIGNATURE), now=NOW)

    with ThreadPoolExecutor(6) as pool:
        outcomes = set(pool.map(arrive, range(12)))
    assert outcomes <= {"kept", "applied"}
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert planned() == ["billing.receipt"]


@dataclass
class Telling:
    """The provider, that tells when it was asked for refunds."""

    inner: FakePayments
    asked: threading.Event = field(default_factory=threading.Event)

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def refunds(self, payment_id: str) -> list[RefundState]:
        """Answer, and tell."""
        made = self.inner.refunds(payment_id)
        self.asked.set()
        return made


def somebody_waits() -> bool:
    """Tell whether a transaction waits for another; SQLite does not say, and lets one write at a time anyway."""
    if db.engine.dialect.name != "postgresql":
        return True
    with db.engine.connect() as aside:
        return bool(aside.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.mark.race
def test_news_that_comes_while_our_own_transaction_runs_waits_and_sees_what_it_did(app, held, payments):
    """We promise half back; before that is committed the provider tells that all went back: never more than came."""
    payment = a_paid(held, payments)
    made = payments.refund_at_provider(payment.intent_id, FEE)
    news, telling = payments.event("refund.created", made), Telling(payments)
    refunding.request(payment, Money(60_00, "USD"), reason="goodwill", now=NOW)

    def arrive() -> str:
        with app.app_context():
            return webhooks.receive(cast(Payments, telling), payments.read_event(news, SIGNATURE), now=NOW)

    with ThreadPoolExecutor(1) as pool:
        arriving = pool.submit(arrive)
        until(telling.asked.is_set, what="the question to the provider")
        until(somebody_waits, what="the wait for our transaction")
        assert not arriving.done()
        db.session.commit()
        assert arriving.result() == "applied"
    db.session.expire_all()
    refunds = db.session.scalars(select(Refund).order_by(Refund.id))
    assert [(each.amount_cents, each.status) for each in refunds] == [(60_00, "withdrawn"), (120_00, "succeeded")]
    assert (accounts(), unbalanced()) == ({}, [])
