"""Presses and news at the same instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from billing import checking, webhooks
from billing import payments as paying
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import (
    accounts,
    an_open_payment,
    planned,
    the_payment,
)
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

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
