"""The whole road against servers nobody here wrote: pay there, hear of it at our own webhook, give it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe
from flask import Flask

from billing import checking
from billing import payments as paying
from billing.models import Payment, Refund, WebhookEvent
from billing.refunding import request
from billing.stripe.gateway import TEST_KEY, StripeGateway
from practice.core.db import db
from practice.core.money import Money
from practice.core.ports import Ports
from tests.billing.builders import accounts, unbalanced
from tests.billing.test_gateway import a_charge, a_request
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.ports import free_ports
from tests.support.servers import serving, until
from tests.support.stripe_servers import a_test_page, emulate, localstripe, post, register, why_no_emulate

SECRET = "whsec_for_the_tests_only"


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def provider_url(request, tmp_path, port) -> Iterator[str]:
    """Run the provider that the test names."""
    webhook = f"http://127.0.0.1:{port}/webhooks/stripe"
    kind = request.param
    if kind == "emulate":
        if missing := why_no_emulate():
            pytest.skip(missing)
        with emulate(tmp_path, webhook, SECRET) as url:
            yield url
    elif kind == "localstripe":
        with localstripe(tmp_path) as url:
            register(url, webhook, SECRET)
            yield url
    else:
        with a_test_page(tmp_path, f"http://127.0.0.1:{port}", SECRET) as url:
            yield url


@pytest.fixture
def payments(provider_url) -> StripeGateway:
    """The real gateway, pointed at that provider."""
    return StripeGateway(TEST_KEY, SECRET, api_base=provider_url)


@pytest.fixture
def doors(clock, mailer, printer, payments) -> Ports:
    """The fakes, with the real gateway."""
    return Ports(clock=clock, mailer=mailer, printer=printer, payments=payments)


@pytest.fixture
def listening(app: Flask, port: int) -> Iterator[None]:
    """Let our own webhook really listen."""
    with serving(app, port):
        yield


@pytest.fixture
def held(ines, alice):
    return a_hold(an_offer(ines), alice)


def started(held, payments, *, page: bool = True) -> Payment:
    """Start a payment as the pay button does."""
    payment = paying.start(held, now=NOW)
    if page:
        paying.opened(payment, payments.open_checkout(a_request(key=payment.uid, appointment_id=held.id)))
    db.session.commit()
    return payment


def fresh(payment_id: int) -> Payment:
    db.session.rollback()
    found = db.session.get_one(Payment, payment_id, populate_existing=True)
    db.session.expunge(found)
    db.session.rollback()
    return found


def news() -> int:
    count = db.session.query(WebhookEvent).filter_by(state="applied").count()
    db.session.rollback()
    return count


@pytest.mark.parametrize("provider_url", ["emulate"], indirect=True)
def test_paying_on_emulates_page_books_the_session(listening, held, payments, provider_url):
    payment = started(held, payments)
    number, checkout = payment.id, payment.checkout_id
    db.session.commit()
    assert post(f"{provider_url}/checkout/{checkout}/complete", {}) == 302
    until(lambda: fresh(number).fate == "kept", what="the news of the payment")
    assert accounts() == {"clearing": 120_00, "income": -120_00}


@pytest.mark.parametrize("provider_url", ["localstripe"], indirect=True)
def test_a_charge_at_localstripe_books_the_session_and_goes_back(listening, held, payments, provider_url):
    payment = started(held, payments, page=False)
    number, key = payment.id, payment.uid
    db.session.commit()
    theirs = stripe.StripeClient(TEST_KEY, base_addresses={"api": provider_url})
    intent = a_charge(theirs, "4242424242424242", key=key)
    until(lambda: fresh(number).fate == "kept", what="the news of the payment")
    assert fresh(number).intent_id == intent
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    refund = request(db.session.get_one(Payment, number), Money(45_00, "USD"), reason="goodwill", now=NOW)
    made = refund.id
    db.session.commit()
    assert checking.send_refunds(payments, now=NOW) == 1
    assert db.session.get_one(Refund, made, populate_existing=True).status == "succeeded"
    assert accounts() == {"clearing": 75_00, "income": -75_00}
    assert [one.amount.cents for one in payments.refunds(intent)] == [45_00]
    assert unbalanced() == []


@pytest.mark.parametrize("provider_url", ["page"], indirect=True)
@pytest.mark.parametrize("manner", ["once", "twice", "shuffled"])
def test_the_test_pages_news_counts_once_however_it_travels(listening, held, payments, provider_url, manner):
    payment = started(held, payments)
    number, checkout = payment.id, payment.checkout_id
    db.session.commit()
    assert post(f"{provider_url}/pay/{checkout}", {"outcome": "vanish", "news": manner}) == 303
    until(lambda: news() == 5, what="all the news")
    assert fresh(number).fate == "kept"
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    intent = fresh(number).intent_id
    assert post(f"{provider_url}/payments/{intent}/refund", {"part": "half"}) == 303
    until(lambda: fresh(number).refunded_cents == 60_00, what="the refund made there")
    assert accounts() == {"clearing": 60_00, "income": -60_00}
