"""The demo's test payment page: what it shows, how its news travels, and where it refuses to exist."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from billing.testpay import till
from billing.testpay.encoding import unflatten
from billing.testpay.news import Messenger, publish, sign
from billing.testpay.server import NotInProductionError, create
from billing.testpay.store import Store
from tests.support.apps import settings_for
from tests.support.pages import faults
from tests.support.tree import ROOT

SECRET = "whsec_for_the_tests_only"


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "testpay.db")
    yield store
    store.close()


@pytest.fixture
def browser(store, tmp_path):
    return create(settings_for("sqlite://", tmp_path), store).test_client()


def a_session(store, **changes):
    usual = {
        "mode": "payment",
        "status": "open",
        "payment_status": "unpaid",
        "payment_intent": None,
        "amount_total": 12000,
        "currency": "usd",
        "expires_at": 4_000_000_000,
        "success_url": "http://127.0.0.1:8000/back?checkout={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/back",
        "url": "http://127.0.0.1:8002/pay/x",
        "_intent_metadata": {"payment": "our key"},
        "_label": "Session",
        "_detail": "Tuesday 24 November, 14:00",
    }
    return store.add("checkout.session", "cs_test", usual | changes)


def brought(store) -> list[str]:
    """Bring everything that is due, far in the future, and return its kinds in order."""
    kinds = []

    def post(_url, body, signature):
        event = stripe.Webhook.construct_event(body, signature, SECRET, tolerance=None)
        kinds.append(event.type)
        return True

    while Messenger(store, "http://127.0.0.1:9", SECRET, post).deliver_due(5_000_000_000):
        pass
    return kinds


def test_the_page_says_that_it_is_a_test_and_what_is_paid(browser, store):
    page = browser.get(f"/pay/{a_session(store)['id']}")
    assert page.status_code == 200
    for words in ("This is a test", "no money moves", "Pay $120.00", "Tuesday 24 November, 14:00", "3-D Secure"):
        assert words in page.text


def test_every_page_is_well_made(browser, store):
    session = a_session(store)
    publish(store, till.pay(store, a_session(store)), "never", now=0)
    pages = [f"/pay/{session['id']}", f"/bank/{session['id']}", f"/gone/{session['id']}", "/"]
    pages += [f"/pay/{a_session(store, status=status)['id']}" for status in ("complete", "expired")]
    for path in pages:
        answer = browser.get(path)
        assert [fault for fault in faults(answer.text) if "csrf" not in fault] == [], path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_paying_leads_back_to_the_practice(browser, store):
    session = a_session(store)
    answer = browser.post(f"/pay/{session['id']}", data={"outcome": "succeed", "news": "once"})
    assert answer.location == f"http://127.0.0.1:8000/back?checkout={session['id']}"
    assert brought(store) == [
        "payment_intent.created",
        "payment_intent.processing",
        "payment_intent.succeeded",
        "charge.succeeded",
        "checkout.session.completed",
    ]


@pytest.mark.parametrize(("manner", "count"), [("once", 5), ("twice", 10), ("late", 5), ("shuffled", 5), ("never", 0)])
def test_news_travels_the_way_the_person_chose(browser, store, manner, count):
    browser.post(f"/pay/{a_session(store)['id']}", data={"outcome": "succeed", "news": manner})
    kinds = brought(store)
    assert len(kinds) == count
    if manner == "shuffled":
        assert kinds.index("payment_intent.succeeded") < kinds.index("payment_intent.processing")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("declined", "was declined"), ("no_funds", "no money left"), ("refused_by_bank", "told that it was not you")],
)
def test_a_card_that_fails_may_be_tried_again(browser, store, outcome, words):
    session = a_session(store)
    answer = browser.post(f"/pay/{session['id']}", data={"outcome": outcome}, follow_redirects=True)
    assert words in answer.text
    browser.post(f"/pay/{session['id']}", data={"outcome": "succeed"})
    assert brought(store)[-1] == "checkout.session.completed"


def test_a_bank_may_ask_first(browser, store):
    session = a_session(store)
    asked = browser.post(f"/pay/{session['id']}", data={"outcome": "bank", "news": "late"}, follow_redirects=True)
    assert "Is it you?" in asked.text
    assert browser.post(f"/pay/{session['id']}", data={"outcome": "succeed", "news": "late"}).status_code == 303


def test_closing_the_window_pays_without_coming_back(browser, store):
    session = a_session(store)
    answer = browser.post(f"/pay/{session['id']}", data={"outcome": "vanish"}, follow_redirects=True)
    assert "Paid, and the window is closed" in answer.text
    assert "checkout.session.completed" in brought(store)


def test_a_page_is_paid_once(browser, store):
    session = a_session(store)
    for _ in range(2):
        browser.post(f"/pay/{session['id']}", data={"outcome": "succeed"})
    assert brought(store).count("payment_intent.succeeded") == 1
    assert browser.get(f"/pay/{session['id']}").status_code == 410


def test_a_page_whose_time_has_passed_is_closed(browser, store):
    session = a_session(store, expires_at=1)
    assert "This payment page has closed" in browser.get(f"/pay/{session['id']}").text
    assert brought(store) == ["checkout.session.expired"]


def test_money_can_go_back_from_the_providers_side(browser, store):
    browser.post(f"/pay/{a_session(store)['id']}", data={"outcome": "succeed", "news": "never"})
    [intent] = store.latest("payment_intent")
    for part in ("half", "all", "all"):
        browser.post(f"/payments/{intent['id']}/refund", data={"part": part})
    assert sorted(made["amount"] for made in store.children("refund", intent["id"])) == [6000, 6000]
    assert brought(store).count("refund.created") == 2


def test_a_form_from_elsewhere_is_refused(browser, store):
    answer = browser.post(
        f"/pay/{a_session(store)['id']}", data={"outcome": "succeed"}, headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403


def test_what_is_not_there_is_not_found(browser):
    for path in ("/pay/cs_none", "/bank/cs_none", "/gone/cs_none"):
        assert browser.get(path).status_code == 404
    assert browser.post("/payments/pi_none/refund").status_code == 404


def test_the_api_answers_only_with_the_key(browser):
    assert browser.get("/v1/payment_intents/pi_1").status_code == 401


def test_news_that_is_not_taken_is_brought_again(store):
    publish(store, till.pay(store, a_session(store)), "once", now=0)
    tries = []

    def refuse_twice(_url, body, _signature):
        tries.append(body)
        return len(tries) > 2

    messenger = Messenger(store, "http://127.0.0.1:9", SECRET, refuse_twice)
    for now in (10, 20, 100):
        messenger.deliver_due(now)
    assert store.due(10_000) == []
    assert len(tries) == 7


def test_a_practice_that_is_away_is_not_an_error(store):
    publish(store, till.pay(store, a_session(store)), "once", now=0)
    assert Messenger(store, "http://127.0.0.1:9/webhooks/stripe", SECRET).deliver_due(10) == 0


def test_what_is_known_outlives_the_process(tmp_path):
    first = Store(tmp_path / "testpay.db")
    session = a_session(first)
    publish(first, till.pay(first, session), "late", now=0)
    first.close()
    second = Store(tmp_path / "testpay.db")
    assert second.find("checkout.session", session["id"])["status"] == "complete"
    assert len(second.due(1000)) == 5
    second.close()


def test_the_signature_is_the_one_stripes_library_makes():
    assert sign(b'{"id": 1}', SECRET, 1700000000) == stripe.WebhookSignature.generate_signature_header(
        '{"id": 1}', SECRET, 1700000000
    )


def test_nested_values_are_read_as_stripe_writes_them():
    pairs = [("mode", "payment"), ("line_items[0][price]", "p"), ("line_items[0][quantity]", "1"), ("metadata[a]", "b")]
    assert unflatten(pairs) == {
        "mode": "payment",
        "line_items": [{"price": "p", "quantity": "1"}],
        "metadata": {"a": "b"},
    }


def test_it_refuses_to_exist_in_production(store, tmp_path):
    with pytest.raises(NotInProductionError):
        create(settings_for("sqlite://", tmp_path, environment="production"), store)


def test_its_process_refuses_to_start_in_production(tmp_path: Path):
    environ = {"STILLPOINT_ENVIRONMENT": "production", "STILLPOINT_VAR_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    told = subprocess.run(
        [sys.executable, "-m", "billing.testpay"], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert "does not run in production" in told.stderr
