"""What is written to people about money, what the scheduler does, and the money of the demo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from billing import checking, demo, jobs, refunding
from billing.models import Invoice, Payment, Refund
from billing.testpay.store import Store
from booking import services
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.money import Money
from practice.models import Practice
from tests.billing.builders import a_paid, accounts, an_open_payment, send_refunds, unbalanced
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

THERAPY = ("therapy", "counsel", "individual session", "ines", "anxiety")


@pytest.fixture
def service(ines):
    return an_offer(ines)


@pytest.fixture
def delivered(mailer, clock):
    """Deliver what is due and return the letters about money to Alice, by subject."""

    def _delivered():
        db.session.commit()
        clock.advance(hours=1)
        while deliver_due("tests"):
            pass
        return {mail.subject: mail for mail in mailer.to("alice@example.org") if "$" in mail.subject}

    return _delivered


def test_a_receipt_is_sent_with_a_link_and_says_nothing_of_therapy(service, alice, payments, delivered):
    payment = a_paid(a_hold(service, alice), payments)
    link = f"http://127.0.0.1:8000/payments/{payment.id}/receipt"
    [(subject, mail)] = delivered().items()
    assert subject == "Receipt for $120.00"
    for body in (mail.text, mail.html):
        assert link in body
        assert "INV-00001" in body
        assert "Hello Alice" in body
    assert not [word for word in THERAPY if word in (subject + mail.text).lower()]


def test_whoever_paid_too_late_is_told_that_all_goes_back(service, alice, ben, payments, delivered):
    payment = an_open_payment(a_hold(service, alice), payments)
    payments.pay(payment.checkout_id)
    later = NOW + timedelta(minutes=20)
    a_hold(service, ben, WEDNESDAY_AT_TEN, later)
    checking.check(payments, payment.id, now=later)
    [(subject, mail)] = delivered().items()
    assert subject == "$120.00 is on its way back to you"
    assert "after the time could no longer be kept" in mail.text


def test_whoever_paid_twice_is_told_once(service, alice, payments, delivered):
    held = a_hold(service, alice)
    first = an_open_payment(held, payments)
    services.confirm(held, now=NOW)
    second = an_open_payment(held, payments, NOW + timedelta(minutes=36))
    for payment in (second, first):
        payments.pay(payment.checkout_id)
        checking.check(payments, payment.id, now=NOW)
    assert sorted(delivered()) == ["Receipt for $120.00", "You paid twice; $120.00 is on its way back"]


def test_a_refund_that_was_withdrawn_is_not_announced(service, alice, payments, delivered):
    payment = a_paid(a_hold(service, alice), payments)
    refunding.request(payment, Money(120_00, "USD"), reason="goodwill", now=NOW)
    db.session.commit()
    payments.refund_at_provider(payment.intent_id, Money(120_00, "USD"))
    checking.check(payments, payment.id, now=NOW)
    sent = delivered()
    assert sorted(sent) == ["$120.00 is on its way back to you", "Receipt for $120.00"]
    assert "Made at the payment provider" in sent["$120.00 is on its way back to you"].text


def test_the_jobs_do_what_nobody_waits_for(service, alice, payments, clock):
    payment = an_open_payment(a_hold(service, alice), payments)
    payments.pay(payment.checkout_id)
    jobs.check_undecided(clock.advance(minutes=6))
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    refunding.request(payment, Money(20_00, "USD"), reason="goodwill", now=clock.now())
    db.session.commit()
    jobs.send_refunds(clock.now())
    assert accounts() == {"clearing": 100_00, "income": -100_00}
    payments.refund_at_provider(payment.intent_id, Money(10_00, "USD"))
    jobs.check_recent(clock.now())
    assert accounts() == {"clearing": 90_00, "income": -90_00}


def test_the_job_brings_in_news_that_waited(service, alice, payments, clock, client):
    payment = an_open_payment(a_hold(service, alice), payments)
    body = payments.event("payment_intent.succeeded", payments.pay(payment.checkout_id))
    payments.down = True
    assert client.post("/webhooks/stripe", data=body, headers={"Stripe-Signature": SIGNATURE}).text == "waiting"
    payments.down = False
    jobs.retry_news(clock.advance(minutes=1))
    assert accounts() == {"clearing": 120_00, "income": -120_00}


@pytest.fixture
def filled(ines, alice, service) -> None:
    """Forty sessions of the past, some cancelled, paid for as in the demo."""
    for number in range(40):
        start = NOW - timedelta(days=60) + timedelta(days=number, hours=number % 5)
        changes = {"status": "completed"}
        if number % 8 == 0:
            cancelled_at = start - timedelta(hours=40 if number % 16 else 2)
            changes = {"status": "cancelled", "cancelled_at": cancelled_at, "cancelled_by_id": alice.id}
            changes["cancelled_late"] = not number % 16
        an_appointment(ines, alice, start, **changes)
    demo.fill(db.session.get_one(Practice, 1), {}, NOW)
    db.session.commit()


def test_the_demos_money_adds_up(filled):
    assert unbalanced() == []
    assert checking.compare().difference_cents == 0
    assert [invoice.number for invoice in db.session.scalars(select(Invoice).order_by(Invoice.id))] == list(
        range(1, 41)
    )
    reasons = {refund.reason for refund in db.session.scalars(select(Refund))}
    assert reasons == {"cancelled", "goodwill"}
    assert 0 < accounts()["receivable"] < 4 * 120_00


def test_the_test_page_knows_the_demos_payments(filled, settings):
    demo.tell_test_page()
    demo.tell_test_page()
    store = Store(settings.var_dir / "testpay.db")
    payments = list(db.session.scalars(select(Payment)))
    assert len(store.latest("payment_intent", 500)) == len(payments)
    back = sum(made["amount"] for one in payments for made in store.children("refund", one.intent_id))
    assert back == sum(one.refunded_cents for one in payments)
    store.close()


def test_a_claim_that_lapsed_cannot_settle_any_more(service, alice, payments):
    payment = a_paid(a_hold(service, alice), payments)
    refunding.request(payment, Money(20_00, "USD"), reason="goodwill", now=NOW)
    db.session.commit()
    [first] = refunding.claim(now=NOW)
    db.session.commit()
    later = NOW + refunding.LEASE * 2
    [second] = refunding.claim(now=later)
    db.session.commit()
    payments.down = True
    assert not refunding.settle(first, refunding.GatewayDownError("late"), now=later)
    assert refunding.settle(second, refunding.GatewayDownError("down"), now=later)
    db.session.commit()
    payments.down = False
    send_refunds(later + timedelta(hours=1))
    assert accounts() == {"clearing": 100_00, "income": -100_00}
