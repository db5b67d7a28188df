"""Saved cards: kept at the provider, one of them charged, paying with it in two taps, and removing it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from billing import checking
from billing import payments as paying
from billing.cards import charging, queries, services
from billing.cards.models import CardSetup, SavedCard
from practice.core.cards import ASKS_CLIENT
from practice.core.db import db
from tests.billing.builders import accounts, an_open_payment, paid_on, pay_url, send_refunds, the_payment
from tests.billing.cards import a_card
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_cards import BANK

PAID = {"clearing": 120_00, "income": -120_00}


@pytest.fixture
def card(alice, payments) -> SavedCard:
    return a_card(alice, payments)


@pytest.fixture
def booked(service, alice):
    """A session that Alice booked and did not pay."""
    made = a_booking(service, alice)
    db.session.commit()
    return made


def test_a_card_is_saved_on_the_providers_page_and_shown(as_, alice, payments):
    browser = as_(alice)
    assert "No card is saved" in browser.get("/billing/cards").text
    [page] = [browser.post("/billing/cards").location]
    [setup] = payments.setups.values()
    assert page == setup.url
    assert "No card was saved" in browser.get("/billing/cards/return", follow_redirects=True).text
    payments.save_card(setup.id)
    shown = browser.get("/billing/cards/return", follow_redirects=True).text
    assert "Visa ending 4242 is saved" in shown
    assert "08/31" in shown
    assert accounts() == {}


def test_a_page_nobody_came_back_from_is_asked_about(alice, payments):
    begun = services.begin(alice, now=NOW)
    db.session.commit()
    services.open_page(payments, begun.id, currency="USD", back="http://localhost/", now=NOW)
    payments.save_card(begun.checkout_id)
    assert services.check_open(payments, now=NOW + timedelta(minutes=6)) == 1
    assert queries.usual(alice).words == "Visa ending 4242"
    left = services.begin(alice, now=NOW)
    db.session.commit()
    services.check_open(payments, now=NOW + timedelta(hours=1))
    assert db.session.get(CardSetup, left.id).stage == "closed"


def test_the_card_added_last_is_charged_until_another_is_chosen(as_, alice, payments, card):
    second = a_card(alice, payments, last4="1881")
    assert queries.usual(alice) is second
    first_id, second_id = card.id, second.id
    browser = as_(alice)
    browser.post(f"/billing/cards/{first_id}/usual")
    assert queries.usual(alice).id == first_id
    page = browser.post(f"/billing/cards/{first_id}/removal", follow_redirects=True).text
    assert "Visa ending 4242 is removed" in page
    assert (queries.usual(alice).id, payments.forgotten) == (second_id, ["pm_fake_1"])
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE saved_cards SET is_usual = true"))
    db.session.rollback()


def test_nobody_touches_anothers_card(as_, ben, omar, card):
    number = card.id
    for person in (ben, omar):
        for deed in ("usual", "removal"):
            assert as_(person).post(f"/billing/cards/{number}/{deed}").status_code == 404
    assert as_(omar).get("/billing/cards").status_code == 404


def test_a_session_is_paid_with_the_saved_card(as_, alice, held, card, payments):
    browser = as_(alice)
    assert "Pay $120.00 with Visa ending 4242" in browser.get(pay_url(held)).text
    answer = browser.post(f"{pay_url(held)}/card", follow_redirects=True)
    assert "stands" in answer.text or answer.status_code == 200
    [asked] = payments.charged
    assert (asked.amount.cents, asked.card_id, asked.present) == (120_00, "pm_fake_1", True)
    assert accounts() == PAID
    browser.post(f"{pay_url(held)}/card")
    assert len(payments.charged) == 1


def test_a_declined_card_says_why_and_another_way_is_open(as_, alice, held, card, payments):
    payments.card_problem = "insufficient_funds"
    browser = as_(alice)
    page = browser.post(f"{pay_url(held)}/card", follow_redirects=True).text
    assert "There was not enough money on the card. Nothing was charged." in page
    assert browser.post(pay_url(held)).location.startswith("https://checkout.stripe.com/")


def test_the_bank_asks_and_the_client_answers(as_, alice, held, card, payments):
    payments.card_problem = ASKS_CLIENT
    browser = as_(alice)
    assert browser.post(f"{pay_url(held)}/card").location == f"{BANK}/pi_card_1"
    page = f"/payments/{the_payment().id}/confirmation"
    db.session.commit()
    assert browser.get(f"{pay_url(held)}/return").location == page
    assert "Your bank wants to hear from you" in browser.get(page).text
    assert browser.post(page).location == f"{BANK}/pi_card_1"
    payments.agree("pi_card_1")
    assert browser.get(f"{pay_url(held)}/return").location.endswith("/confirmation")
    assert accounts() == PAID


def test_an_open_page_is_closed_before_a_card_is_charged(as_, alice, held, card, payments):
    an_open_payment(held, payments)
    as_(alice).post(f"{pay_url(held)}/card")
    assert payments.checkouts["cs_fake_1"].stage == "expired"
    assert accounts() == PAID


def test_a_page_paid_meanwhile_is_not_paid_again_by_card(as_, alice, held, card, payments):
    paid_on(an_open_payment(held, payments), payments)
    as_(alice).post(f"{pay_url(held)}/card")
    assert payments.charged == []


def test_a_lost_answer_is_found_again_by_our_key(alice, held, card, payments):
    begun = charging.begin(held, card, now=NOW)
    db.session.commit()
    payments.dies = _dies
    with pytest.raises(KeyboardInterrupt):
        charging.carry_out(payments, begun.id, present=False, back="", now=NOW)
    db.session.rollback()
    payments.dies = None
    with pytest.raises(paying.UnderWayError):
        charging.begin(held, card, now=NOW)
    db.session.rollback()
    assert checking.check_undecided(payments, now=NOW + timedelta(minutes=6)) == 1
    assert (the_payment().fate, len(payments.charged), accounts()) == ("kept", 1, PAID)


def test_a_charge_that_never_reached_the_provider_is_given_up(held, card, payments):
    charging.begin(held, card, now=NOW)
    db.session.commit()
    checking.check_undecided(payments, now=NOW + timedelta(minutes=20))
    assert (the_payment().status, payments.charged) == ("closed", [])


def test_everything_is_paid_in_two_taps(as_, alice, service, card, payments):
    for hours in (0, 2):
        a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=hours))
    db.session.commit()
    browser = as_(alice)
    assert 'href="/billing/balance"' in browser.get("/billing").text
    assert "Pay $240.00" in browser.get("/billing/balance").text
    assert browser.post("/billing/balance", data={"amount": "$120.00"}).status_code == 409
    page = browser.post("/billing/balance", data={"amount": "$240.00"}, follow_redirects=True).text
    assert "Everything is paid" in page
    assert [asked.amount.cents for asked in payments.charged] == [120_00, 120_00]
    assert accounts() == {"clearing": 240_00, "income": -240_00}


def test_a_balance_stops_at_a_declined_card_and_says_so(as_, alice, booked, card, payments):
    payments.card_problem = "expired_card"
    page = as_(alice).post("/billing/balance", data={"amount": "$120.00"}).text
    assert 'role="alert"' in page
    assert accounts() == {"receivable": 120_00, "income": -120_00}
    assert not db.session.scalars(select(SavedCard).where(SavedCard.removed_at.is_not(None))).all()
    send_refunds()


def _dies(_step: str) -> None:
    raise KeyboardInterrupt
