"""The line to the provider drops, loses, delays, repeats and reorders: the books come to the same all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
import stripe
from flask import Flask
from werkzeug.serving import make_server

from billing import checking, refunding, webhooks
from billing import payments as paying
from billing.models import Payment, Refund
from billing.stripe.gateway import TEST_KEY, StripeGateway
from practice.core.clock import SystemClock
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError
from practice.core.ports import Ports
from tests.billing.builders import accounts, unbalanced
from tests.billing.test_gateway import a_charge, a_request
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.faults import FaultProxy, between
from tests.support.ports import free_ports
from tests.support.servers import until
from tests.support.stripe_servers import a_test_page, emulate, localstripe, post, why_no_emulate

SECRET = "whsec_for_the_tests_only"
PART = Money(45_00, "USD")
BAD_LINE = ("pass", "lose", "drop", "repeat", "delay")
BAD_NEWS = ("repeat", "hold", "lose", "delay", "drop")


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def line() -> FaultProxy:
    """The line from us to the provider; the test names its target."""
    return FaultProxy("")


@pytest.fixture
def payments(line: FaultProxy) -> Iterator[StripeGateway]:
    """The real gateway at the near end of that line; its library asks only once, so that each fault reaches us."""
    with between(line) as url:
        yield StripeGateway(TEST_KEY, SECRET, api_base=url, retries=0)


@pytest.fixture
def doors(mailer, printer, payments) -> Ports:
    return Ports(clock=SystemClock(), mailer=mailer, printer=printer, payments=payments)


@pytest.fixture
def listening(app: Flask, port: int) -> Iterator[None]:
    """Let our own webhook really listen."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def held(ines, alice):
    return a_hold(an_offer(ines), alice)


def opened(held, payments) -> Payment:
    """Press the button that leads to the card company until it does."""
    payment = paying.start(held, now=NOW)
    number, asked = payment.id, a_request(key=payment.uid, appointment_id=held.id)
    db.session.commit()
    page = again(lambda: payments.open_checkout(asked))
    paying.opened(db.session.get_one(Payment, number), page)
    db.session.commit()
    return db.session.get_one(Payment, number)


def again(call):
    """Ask until an answer comes: every line has its good moments."""
    for _ in range(12):
        try:
            return call()
        except GatewayDownError:
            continue
    pytest.fail("no answer ever came")


def let_the_jobs_run(payments, settled) -> None:
    """Let the scheduler's jobs run, an hour apart, until what they are for is done."""
    for hour in count(1):
        later = NOW + timedelta(hours=hour)
        webhooks.retry_waiting(payments, now=later)
        checking.check_undecided(payments, now=later)
        checking.send_refunds(payments, now=later)
        if settled():
            db.session.rollback()
            return
        db.session.rollback()
        assert hour < 30


def fresh(payment_id: int) -> Payment:
    db.session.rollback()
    return db.session.get_one(Payment, payment_id, populate_existing=True)


def test_a_bad_line_in_both_directions_charges_and_refunds_once(listening, held, payments, line, tmp_path, port):
    news = FaultProxy(f"http://127.0.0.1:{port}", BAD_NEWS)
    with between(news) as ears, a_test_page(tmp_path, ears, SECRET) as page:
        line.target = page
        line.turn(*BAD_LINE)
        payment = opened(held, payments)
        number, checkout = payment.id, payment.checkout_id
        db.session.commit()
        assert post(f"{page}/pay/{checkout}", {"outcome": "vanish", "news": "shuffled"}) == 303
        until(lambda: len(news.passed) >= 5, what="five pieces of news")
        news.let_go()
        let_the_jobs_run(payments, lambda: fresh(number).fate == "kept")
        kept = fresh(number)
        refunding.request(kept, PART, reason="goodwill", now=NOW)
        db.session.commit()
        let_the_jobs_run(payments, lambda: fresh(number).refunds[0].status == "succeeded")
        intent = fresh(number).intent_id
        db.session.commit()
        made = again(lambda: payments.refunds(intent))
        news.let_go()
    assert {fault for fault, _ in line.passed} == set(BAD_LINE)
    assert [each.amount for each in made] == [PART]
    assert accounts() == {"clearing": 75_00, "income": -75_00}
    assert unbalanced() == []


def test_a_refund_whose_answer_is_lost_at_localstripe_is_found_and_not_made_again(held, payments, line, tmp_path):
    """That server knows no idempotency keys: it would make every refund that is asked for."""
    with localstripe(tmp_path) as url:
        line.target = url
        payment = paying.start(held, now=NOW)
        number = payment.id
        theirs = stripe.StripeClient(TEST_KEY, base_addresses={"api": url})
        payment.intent_id = a_charge(theirs, "4242424242424242", key=payment.uid)
        db.session.commit()
        checking.check(payments, number, now=NOW)
        refund = refunding.request(fresh(number), PART, reason="goodwill", now=NOW)
        made = refund.id
        db.session.commit()
        line.turn("lose", "drop", "lose", "pass")
        let_the_jobs_run(payments, lambda: db.session.get_one(Refund, made).status == "succeeded")
        line.turn("pass")
        intent = fresh(number).intent_id
        db.session.commit()
        assert [each.amount for each in payments.refunds(intent)] == [PART]
    assert accounts() == {"clearing": 75_00, "income": -75_00}


def test_news_of_emulate_that_is_lost_repeated_and_held_back_books_once(
    listening, held, payments, line, tmp_path, port
):
    if missing := why_no_emulate():
        pytest.skip(missing)
    news = FaultProxy(f"http://127.0.0.1:{port}", ("lose", "repeat", "hold"))
    with between(news) as ears, emulate(tmp_path, f"{ears}/webhooks/stripe", SECRET) as url:
        line.target = url
        line.turn("lose", "pass", "pass", "delay", "pass", "pass", "pass")
        payment = opened(held, payments)
        number, checkout = payment.id, payment.checkout_id
        db.session.commit()
        assert post(f"{url}/checkout/{checkout}/complete", {}) == 302
        let_the_jobs_run(payments, lambda: fresh(number).fate == "kept")
        news.let_go()
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert unbalanced() == []
