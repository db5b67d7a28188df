"""News from the provider: verified, counted once, in any order, and never lost."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st
from sqlalchemy import select

from billing import webhooks
from billing.models import Payment, Refund, WebhookEvent
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import PaymentState
from tests.billing.builders import accounts, an_open_payment, unbalanced
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, a_service, an_appointment, an_offer
from tests.builders import a_client, a_counselor
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

HALF = Money(60_00, "USD")
NUMBERS = count(1)
STORIES = 70


@pytest.fixture
def payment(ines, alice, payments) -> Payment:
    return an_open_payment(a_hold(an_offer(ines), alice), payments)


@pytest.fixture
def bring(app, client):
    """Bring news to the webhook as the provider does: no cookie, no token, a signature."""

    def _bring(body: bytes, signature: str = SIGNATURE) -> str:
        db.session.commit()
        answer = client.post("/webhooks/stripe", data=body, headers={"Stripe-Signature": signature})
        db.session.expire_all()
        return f"{answer.status_code} {answer.text}"

    return _bring


def events() -> dict[str, str]:
    return {event.id: event.state for event in db.session.scalars(select(WebhookEvent))}


def test_news_of_a_payment_books_the_session_without_anybody_coming_back(bring, payment, payments):
    paid = payments.pay(payment.checkout_id)
    assert bring(payments.event("payment_intent.succeeded", paid)) == "200 applied"
    assert payment.appointment.status == "confirmed"
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_the_same_news_counts_once(bring, payment, payments):
    body = payments.event("payment_intent.succeeded", payments.pay(payment.checkout_id), number="evt_1")
    assert [bring(body) for _ in range(3)] == ["200 applied", "200 again", "200 again"]
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_the_page_and_the_payment_tell_the_same_and_count_once(bring, payment, payments):
    paid = payments.pay(payment.checkout_id)
    page = payments.checkouts[payment.checkout_id]
    assert bring(payments.event("checkout.session.completed", page)) == "200 applied"
    assert bring(payments.event("payment_intent.succeeded", paid)) == "200 applied"
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_a_wrong_signature_is_turned_away(bring, payment, payments):
    body = payments.event("payment_intent.succeeded", payments.pay(payment.checkout_id))
    assert bring(body, "forged").startswith("400")
    assert events() == {}
    assert payment.status == "open"


def test_news_is_a_hint_and_what_it_claims_is_asked_for(bring, payment, payments):
    payments.take_long(payment.checkout_id)
    claim = PaymentState("pi_claimed", payment.uid, "succeeded", payment.amount)
    assert bring(payments.event("payment_intent.succeeded", claim)) == "200 applied"
    assert payment.status == "processing"
    assert accounts() == {}


def test_old_news_never_takes_back_what_succeeded(bring, payment, payments):
    slow = payments.take_long(payment.checkout_id)
    paid = payments.pay(payment.checkout_id)
    assert bring(payments.event("payment_intent.succeeded", paid)) == "200 applied"
    payments.payments[paid.id] = slow
    page = payments.checkouts[payment.checkout_id]
    payments.checkouts[payment.checkout_id] = type(page)(page.id, page.key, "", "open", paid=False, payment=slow)
    assert bring(payments.event("payment_intent.processing", slow)) == "200 applied"
    assert payment.status == "succeeded"
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_news_of_somebody_elses_payment_is_kept_and_ignored(bring, payments):
    payments.payments["pi_theirs"] = stranger = PaymentState("pi_theirs", "", "succeeded", HALF)
    assert bring(payments.event("payment_intent.succeeded", stranger, number="evt_1")) == "200 ignored"
    assert events() == {"evt_1": "ignored"}
    assert bring(payments.event("payment_intent.succeeded", stranger, number="evt_1")) == "200 again"


def test_news_that_cannot_be_looked_up_waits_and_is_tried_again(bring, payment, payments, clock):
    paid = payments.pay(payment.checkout_id)
    payments.down = True
    assert bring(payments.event("payment_intent.succeeded", paid, number="evt_1")) == "200 waiting"
    assert events() == {"evt_1": "waiting"}
    assert webhooks.retry_waiting(payments, now=NOW) == 0
    payments.down = False
    assert webhooks.retry_waiting(payments, now=clock.advance(minutes=1)) == 1
    assert events() == {"evt_1": "applied"}
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_news_brought_again_while_it_waits_is_applied_at_once(bring, payment, payments):
    body = payments.event("payment_intent.succeeded", payments.pay(payment.checkout_id), number="evt_1")
    payments.down = True
    assert bring(body) == "200 waiting"
    payments.down = False
    assert bring(body) == "200 applied"
    assert events() == {"evt_1": "applied"}


def test_news_whose_application_fails_is_not_lost(bring, payment, payments, monkeypatch):
    body = payments.event("payment_intent.succeeded", payments.pay(payment.checkout_id), number="evt_1")
    with monkeypatch.context() as broken:
        broken.setattr(webhooks.payments, "apply_locked", _fail)
        assert bring(body) == "200 waiting"
    assert accounts() == {}
    assert webhooks.retry_waiting(payments, now=NOW + timedelta(minutes=1)) == 1
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_news_that_is_never_good_is_given_up_in_the_end(bring, payments, clock):
    nowhere = PaymentState("pi_nowhere", "", "succeeded", HALF)
    assert bring(payments.event("payment_intent.succeeded", nowhere, number="evt_1")) == "200 waiting"
    for _ in range(webhooks.MOST_ATTEMPTS):
        webhooks.retry_waiting(payments, now=clock.advance(hours=2))
    assert events() == {"evt_1": "ignored"}


def test_a_refund_made_at_the_provider_is_entered(bring, payment, payments, alice, as_):
    paid = payments.pay(payment.checkout_id)
    bring(payments.event("payment_intent.succeeded", paid))
    made = payments.refund_at_provider(paid.id, HALF)
    assert bring(payments.event("refund.created", made)) == "200 applied"
    assert bring(payments.event("refund.updated", made)) == "200 applied"
    assert accounts() == {"clearing": 60_00, "income": -60_00}
    [refund] = db.session.scalars(select(Refund))
    assert (refund.status, refund.reason, refund.amount) == ("succeeded", "provider", HALF)
    assert "Made at the payment provider" in as_(alice).get("/billing").text


def test_a_refund_is_known_even_before_its_payment(bring, payment, payments):
    paid = payments.pay(payment.checkout_id)
    made = payments.refund_at_provider(paid.id, HALF)
    assert bring(payments.event("refund.created", made)) == "200 applied"
    assert accounts() == {"clearing": 60_00, "income": -60_00}


def test_a_body_that_is_too_large_is_not_read(client):
    answer = client.post("/webhooks/stripe", data=b"x" * 300_000, headers={"Stripe-Signature": SIGNATURE})
    assert answer.status_code == 413


@pytest.mark.race
def test_thousands_of_deliveries_by_many_threads_leave_the_books_exact(app, payments):
    """Every event comes four to sixteen times, shuffled, to eight threads at once."""
    made = [a_story(app, payments, number) for number in range(STORIES)]
    bodies = [body for story in made for body in story]
    dice = random.Random(11)
    deliveries = [body for body in bodies for _ in range(dice.randint(4, 16))]
    dice.shuffle(deliveries)
    expected = STORIES * 120_00 - 60_00 * len([number for number in range(STORIES) if number % 3 == 0])
    db.session.commit()

    def deliver(body: bytes) -> str:
        with app.app_context():
            return webhooks.receive(payments, payments.read_event(body, SIGNATURE), now=NOW)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(deliver, deliveries))
    for hours in range(1, 6):
        webhooks.retry_waiting(payments, now=NOW + timedelta(hours=hours), most=1000)
    db.session.expire_all()
    assert set(events().values()) == {"applied"}
    assert outcomes.count("applied") >= len(bodies) * 0.9
    assert accounts()["clearing"] == expected
    assert unbalanced() == []


def a_story(app, payments, number: int) -> list[bytes]:
    """One client who is asked, pays, and every third time gets half back: four to six events."""
    counselor = a_counselor(f"C{number} Doe") if number % 20 == 0 else a_story.counselor
    a_story.counselor = counselor
    service = a_service(counselor) if number % 20 == 0 else a_story.service
    a_story.service = service
    client = a_client(f"P{number} Doe")
    starts = WEDNESDAY_AT_TEN + timedelta(hours=2 * (number % 20))
    booked = an_appointment(
        counselor, client, starts, status="held", held_until=NOW + timedelta(minutes=10), confirmed_at=None
    )
    payment = an_open_payment(booked, payments)
    slow = payments.take_long(payment.checkout_id)
    paid = payments.pay(payment.checkout_id)
    page = payments.checkouts[payment.checkout_id]
    bodies = [
        payments.event("payment_intent.processing", slow),
        payments.event("payment_intent.succeeded", paid),
        payments.event("checkout.session.completed", page),
    ]
    if number % 3 == 0:
        refund = payments.refund_at_provider(paid.id, HALF)
        bodies += [payments.event("refund.created", refund), payments.event("refund.updated", refund)]
    return bodies


@given(order=st.lists(st.integers(0, 7), min_size=1, max_size=24))
@rules(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_with_any_repeats_ends_in_the_same_books(app, ines, payments, order):
    """The provider's news comes in an order of chance, and its answers may be old; at the end all is told once."""
    client = a_client(f"Client{next(NUMBERS)} Doe")
    service = a_service(ines)
    free = WEDNESDAY_AT_TEN + timedelta(hours=2 * len(payments.checkouts))
    booked = an_appointment(
        ines, client, free, status="held", held_until=NOW + timedelta(minutes=10), confirmed_at=None
    )
    assert service.price == booked.price
    before = accounts()
    payment = an_open_payment(booked, payments)
    stories = a_film(payments, payment)
    now_showing = dict(stories[-1][1])
    for place in order:
        body, shown = stories[place % len(stories)]
        show(payments, shown)
        webhooks.receive(payments, payments.read_event(body, SIGNATURE), now=NOW)
    show(payments, now_showing)
    for body, _ in stories:
        webhooks.receive(payments, payments.read_event(body.replace(b"evt_", b"evt_last_"), SIGNATURE), now=NOW)
    after = accounts()
    assert unbalanced() == []
    change = {name: after.get(name, 0) - before.get(name, 0) for name in after}
    assert {name: cents for name, cents in change.items() if cents} == {"clearing": 30_00, "income": -30_00}


def a_film(payments, payment) -> list[tuple[bytes, dict]]:
    """Let a payment happen step by step; keep each step's news with what the provider would have answered then."""
    film = []

    def step(kind, about):
        page = payments.checkouts[payment.checkout_id]
        paid = {page.payment.id: page.payment} if page.payment else {}
        number = page.payment.id if page.payment else ""
        refunds = {made.id: made for made in payments.given_back.values() if made.payment_id == number}
        shown = {"checkouts": {page.id: page}, "payments": paid, "given_back": refunds}
        film.append((payments.event(kind, about), shown))

    step("payment_intent.payment_failed", payments.decline(payment.checkout_id))
    step("payment_intent.processing", payments.take_long(payment.checkout_id))
    paid = payments.pay(payment.checkout_id)
    step("payment_intent.succeeded", paid)
    step("checkout.session.completed", payments.checkouts[payment.checkout_id])
    step("refund.created", payments.refund_at_provider(paid.id, HALF))
    step("refund.created", payments.refund_at_provider(paid.id, Money(30_00, "USD")))
    return film


def show(payments, shown) -> None:
    """Let the provider answer as it did at that step."""
    numbers = set(shown["payments"])
    for number in [made.id for made in payments.given_back.values() if made.payment_id in numbers]:
        del payments.given_back[number]
    for name, objects in shown.items():
        getattr(payments, name).update(objects)


def _fail(*_args, **_kwargs):
    raise RuntimeError("out of order")
