"""Paying for a session, from the calm page to coming back, whatever happens at the provider."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from billing.models import Invoice, Payment
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import (
    a_paid,
    accounts,
    pay_url,
    planned,
)
from tests.booking.builders import a_booking

FEE = Money(120_00, "USD")


def test_the_page_says_what_when_how_much_and_what_cancelling_costs(as_, alice, held):
    page = as_(alice).get(pay_url(held))
    assert page.status_code == 200
    for words in ("Wednesday 25 November, 10:00", "New York time", "Ines Calder", "Pay $120.00", "24 hours before"):
        assert words in page.text
    assert "Kept for you until" in page.text


def test_pressing_pay_leads_to_the_providers_page(as_, alice, held, payments):
    answer = as_(alice).post(pay_url(held))
    assert answer.status_code == 303
    [asked] = payments.asked
    assert answer.location == payments.checkouts["cs_fake_1"].url
    assert (asked.amount, asked.label, asked.appointment_id) == (FEE, "Session", held.id)
    assert asked.success_url == f"http://127.0.0.1:8000{pay_url(held)}/return"


def test_nothing_about_the_counselor_or_the_kind_of_session_reaches_the_provider(as_, alice, held, payments):
    as_(alice).post(pay_url(held))
    told = str(payments.asked)
    assert "Ines" not in told
    assert "Individual" not in told


def test_pressing_twice_and_in_a_second_tab_leads_to_the_same_page(as_, alice, held, payments):
    browser, other = as_(alice), as_(alice)
    places = {one.post(pay_url(held)).location for one in (browser, browser, other)}
    assert len(places) == 1
    assert len(payments.checkouts) == 1


def test_whoever_paid_comes_back_to_a_session_that_stands(as_, alice, held, payments):
    browser = as_(alice)
    browser.post(pay_url(held))
    payments.pay("cs_fake_1")
    answer = browser.get(f"{pay_url(held)}/return")
    assert (answer.status_code, answer.location) == (303, f"/appointments/{held.id}/confirmation")
    db.session.expire_all()
    assert db.session.get(Appointment, held.id).status == "confirmed"
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert planned() == ["billing.receipt"]


def test_coming_back_again_changes_nothing(as_, alice, held, payments):
    browser = as_(alice)
    browser.post(pay_url(held))
    payments.pay("cs_fake_1")
    for _ in range(3):
        assert browser.get(f"{pay_url(held)}/return").status_code == 303
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert db.session.scalars(select(Invoice)).one().number == 1


def test_a_declined_card_is_told_in_words_and_the_time_stays_kept(as_, alice, held, payments):
    browser = as_(alice)
    browser.post(pay_url(held))
    payments.decline("cs_fake_1", "insufficient_funds")
    page = browser.get(f"{pay_url(held)}/return")
    assert page.status_code == 200
    assert "There was not enough money on the card. Nothing was charged." in page.text
    assert "still kept for you until" in page.text
    assert browser.post(pay_url(held)).location == payments.checkouts["cs_fake_1"].url
    payments.pay("cs_fake_1")
    assert browser.get(f"{pay_url(held)}/return").location.endswith("/confirmation")


def test_leaving_the_page_without_paying_is_no_drama(as_, alice, held, payments):
    browser = as_(alice)
    browser.post(pay_url(held))
    page = browser.get(f"{pay_url(held)}/return")
    assert "You have not paid yet" in page.text
    assert "Nothing was charged" in page.text


def test_a_bank_that_thinks_is_waited_for(as_, alice, held, payments):
    browser = as_(alice)
    browser.post(pay_url(held))
    payments.take_long("cs_fake_1")
    assert "Your bank is still deciding" in browser.get(f"{pay_url(held)}/return").text
    assert browser.post(pay_url(held)).location == f"{pay_url(held)}/return"
    assert browser.get(pay_url(held)).location == f"{pay_url(held)}/return"
    payments.pay("cs_fake_1")
    assert browser.get(f"{pay_url(held)}/return").location.endswith("/confirmation")


def test_coming_back_before_ever_paying_leads_to_the_page(as_, alice, held):
    assert as_(alice).get(f"{pay_url(held)}/return").location == pay_url(held)


def test_a_provider_that_does_not_answer_charges_nothing_and_can_be_asked_again(as_, alice, held, payments):
    browser, payments.down = as_(alice), True
    page = browser.post(pay_url(held))
    assert page.status_code == 503
    assert "Nothing was charged" in page.text
    payments.down = False
    assert browser.post(pay_url(held)).status_code == 303


def test_a_lost_answer_does_not_open_a_second_page(as_, alice, held, payments):
    browser, payments.lost = as_(alice), True
    assert browser.post(pay_url(held)).status_code == 503
    assert browser.post(pay_url(held)).status_code == 303
    assert len(payments.checkouts) == 1


def test_a_provider_that_is_down_on_return_keeps_what_is_known(as_, alice, held, payments):
    browser = as_(alice)
    browser.post(pay_url(held))
    payments.down = True
    assert "You have not paid yet" in browser.get(f"{pay_url(held)}/return").text


def test_a_hold_that_ran_out_cannot_be_paid(as_, alice, held, clock):
    browser = as_(alice)
    clock.advance(minutes=11)
    for answer in (browser.get(pay_url(held)), browser.post(pay_url(held))):
        assert answer.status_code == 409
        assert "This time is no longer kept for you" in answer.text
        assert "Nothing was charged" in answer.text
    assert not db.session.scalars(select(Payment)).all()


def test_a_paid_session_is_not_paid_again(as_, alice, held, payments):
    a_paid(held, payments)
    assert as_(alice).get(pay_url(held)).location == f"/appointments/{held.id}"
    answer = as_(alice).post(pay_url(held))
    assert answer.location == f"{pay_url(held)}/return"


def test_a_session_booked_without_paying_can_be_paid_later(as_, alice, service, payments):
    booked = a_booking(service, alice)
    assert accounts() == {"receivable": 120_00, "income": -120_00}
    assert "Still to pay" in as_(alice).get("/start", follow_redirects=True).text
    browser = as_(alice)
    browser.post(pay_url(booked))
    payments.pay("cs_fake_1")
    assert browser.get(f"{pay_url(booked)}/return").status_code == 303
    assert accounts() == {"clearing": 120_00, "income": -120_00}


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_pays_or_sees_the_page(as_, client, held, ben, ines, clara, omar, method):
    for person in (ben, ines, clara, omar):
        for path in (pay_url(held), f"{pay_url(held)}/return"):
            if method == "get" or path == pay_url(held):
                assert getattr(as_(person), method)(path).status_code == 404
    stranger = getattr(client, method)(pay_url(held))
    assert stranger.status_code in {303, 401}
    assert "sign-in" in stranger.location if method == "get" else True
