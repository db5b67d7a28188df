"""The line to the provider drops, loses, delays, repeats and reorders: the books come to the same all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import stripe
from flask import Flask

from billing import checking, refunding, webhooks
from billing import payments as paying
from billing.cards import charging
from billing.cards import services as cards
from billing.cards.models import CardCustomer, SavedCard
from billing.matching import services as match
from billing.models import Payment, Refund
from billing.stripe.gateway import TEST_KEY, StripeGateway
from billing.testpay.news import Messenger
from billing.testpay.store import Store
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayDownError
from practice.core.ports import Ports
from practice.models import Person
from tests.billing.builders import accounts, unbalanced
from tests.billing.test_gateway import a_charge, a_request
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.faults import FaultProxy, between
from tests.support.ports import free_ports
from tests.support.servers import serving, until
from tests.support.stripe_servers import (
    a_test_page,
    a_test_page_here,
    emulate,
    localstripe,
    post,
    register,
    why_no_emulate,
)

SECRET = "whsec_for_the_tests_only"
PART = Money(45_00, "USD")
FAR = datetime(2096, 1, 1, tzinfo=UTC)
VISA = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
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
def doors(clock, mailer, printer, payments) -> Ports:
    return Ports(clock=clock, mailer=mailer, printer=printer, payments=payments)


@pytest.fixture
def listening(app: Flask, port: int) -> Iterator[None]:
    """Let our own webhook really listen."""
    with serving(app, port):
        yield


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


def test_a_bad_line_saves_one_card_charges_it_once_and_books_its_dispute_and_payout_once(
    listening, alice, omar, held, payments, line, tmp_path, port
):
    """Every kind of call and of news about a saved card, with every fault."""
    news = FaultProxy(f"http://127.0.0.1:{port}", BAD_NEWS)
    with between(news) as ears, a_test_page_here(tmp_path) as (page, store):
        messenger = Messenger(store, f"{ears}/webhooks/stripe", SECRET)
        line.target = page
        line.turn(*BAD_LINE)
        intent = charged(held, a_saved_card(alice, payments, page), payments)
        assert post(f"{page}/payouts", {}) == post(f"{page}/payments/{intent}/dispute", {}) == 303
        assert post(f"{page}/disputes/{store.latest('dispute')[0]['id']}", {"outcome": "won"}) == 303
        bring(messenger, store, news)
        made = [len(store.latest(kind)) for kind in ("customer", "payment_intent", "setup_intent", "dispute", "payout")]
        line.turn("pass")
        run = match.run(payments, now=NOW + timedelta(hours=40))
    assert {fault for fault, _ in line.passed} == set(BAD_LINE)
    assert {fault for fault, _ in news.passed} == set(BAD_NEWS)
    assert made == [1, 1, 1, 1, 1]
    assert accounts() == {"clearing": -15_00, "in_transit": 116_22, "fees": 18_78, "income": -120_00}
    assert unbalanced() == []
    assert run.found == 0


def test_a_charge_at_localstripe_whose_answer_is_lost_is_heard_of_and_not_made_again(
    listening, alice, held, payments, line, tmp_path, port
):
    """That server knows no `return_url`, which Stripe asks for: the line leaves it out, all else arrives as sent."""
    news = FaultProxy(f"http://127.0.0.1:{port}", ("repeat", "lose"))
    with between(news) as ears, localstripe(tmp_path) as url:
        register(url, f"{ears}/webhooks/stripe", SECRET)
        line.target, line.leaves_out = url, ("return_url",)
        theirs = stripe.StripeClient(TEST_KEY, base_addresses={"api": url})
        begun = charging.begin(held, a_card_at(theirs, alice), now=NOW).id
        db.session.commit()
        line.turn("lose", *["pass"] * 99)
        with pytest.raises(GatewayDownError):
            charging.carry_out(payments, begun, present=False, back="http://localhost/", now=NOW)
        until(lambda: fresh(begun).fate == "kept", what="the news of the charge")
        assert charging.carry_out(payments, begun, present=False, back="http://localhost/", now=NOW) == ""
        assert [made.status for made in theirs.v1.payment_intents.list().data] == ["succeeded"]
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def a_saved_card(client: Person, payments: StripeGateway, page: str) -> SavedCard:
    """Let a client save a card, asking again until an answer comes."""
    begun = cards.begin(client, now=NOW)
    begun.expires_at = FAR
    number = begun.id
    db.session.commit()
    again(lambda: cards.open_page(payments, number, currency="USD", back="http://localhost/", now=NOW))
    db.session.expire_all()
    assert post(f"{page}/save/{cards.check(payments, number, now=NOW).checkout_id}", {"card": "works"}) == 303
    for _ in range(6):
        if found := cards.check(payments, number, now=NOW).card:
            return found
    pytest.fail("the card was never seen")


def charged(held, card: SavedCard, payments: StripeGateway) -> str:
    """Charge a card as often as it takes to hear that it is done; return the provider's number of it."""
    for hour in range(1, 12):
        with suppress(GatewayDownError, paying.CannotPayError):
            begun = charging.begin(held, card, now=NOW).id
            db.session.commit()
            charging.carry_out(payments, begun, present=False, back="http://localhost/", now=NOW)
        db.session.rollback()
        checking.check_undecided(payments, now=NOW + timedelta(hours=hour))
        if kept := [payment.intent_id for payment in paying.of(held) if payment.fate == "kept"]:
            db.session.commit()
            return kept[0] or ""
        db.session.rollback()
    pytest.fail("the charge was never heard of")


def a_card_at(theirs: stripe.StripeClient, client: Person) -> SavedCard:
    """Keep a card at a provider that has no page for it."""
    method = theirs.v1.payment_methods.create({"type": "card", "card": VISA})
    customer = theirs.v1.customers.create({"email": client.email})
    theirs.v1.payment_methods.attach(method.id, {"customer": customer.id})
    shown = {"brand": "visa", "last4": "4242", "month": 12, "year": 2040}
    kept = SavedCard(client_id=client.id, provider_id=method.id, shown=shown, is_usual=True, added_at=NOW)
    db.session.add_all((CardCustomer(client_id=client.id, provider_id=customer.id, made_at=NOW), kept))
    db.session.commit()
    return kept


def bring(messenger: Messenger, store: Store, news: FaultProxy) -> None:
    """Bring all the news, again where it was not taken, and in the end what the line still holds."""
    far = 4_000_000_000.0
    while store.due(far):
        messenger.deliver_due(far)
        far += 1000
    news.let_go()
