"""Paying for a session, from the calm page to coming back, whatever happens at the provider."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from billing import checking, webhooks
from billing import payments as paying
from billing.models import Invoice, Payment, Refund
from booking import services
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.core.outbox import OutboxMessage
from tests.billing.builders import a_paid, accounts, an_open_payment, send_refunds, unbalanced
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

FEE = Money(120_00, "USD")


@pytest.fixture
def service(ines):
    return an_offer(ines)


@pytest.fixture
def held(service, alice) -> Appointment:
    return a_hold(service, alice)


def pay_url(appointment) -> str:
    address = f"/appointments/{appointment.id}/payment"
    db.session.commit()  # reading began a transaction, and on SQLite that one keeps all others from writing
    return address


def planned() -> list[str]:
    return sorted(message.kind for message in db.session.scalars(select(OutboxMessage)) if "billing" in message.kind)


def the_payment() -> Payment:
    return db.session.scalars(select(Payment).execution_options(populate_existing=True)).one()


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


def test_money_that_comes_late_books_a_time_that_is_still_free(held, payments, clock):
    payment = an_open_payment(held, payments)
    payments.pay(payment.checkout_id)
    late = clock.advance(minutes=25)
    assert checking.check(payments, payment.id, now=late).fate == "kept"
    assert held.status == "confirmed"


def test_money_that_comes_when_the_time_is_gone_goes_back_in_full(as_, alice, ben, held, service, payments, clock):
    payment = an_open_payment(held, payments)
    payments.pay(payment.checkout_id)
    later = clock.advance(minutes=25)
    a_hold(service, ben, WEDNESDAY_AT_TEN, later)
    assert checking.check(payments, payment.id, now=later).fate == "late"
    send_refunds(later)
    assert accounts() == {}
    assert [made.amount for made in payments.given_back.values()] == [FEE]
    assert planned() == ["billing.late"]
    page = as_(alice).get(f"{pay_url(held)}/return")
    assert page.status_code == 200
    assert "The time was gone when you paid" in page.text
    assert not db.session.scalars(select(Invoice)).all()


def test_money_for_a_session_that_was_cancelled_goes_back(held, payments, alice):
    payment = an_open_payment(held, payments)
    payments.pay(payment.checkout_id)
    services.confirm(held, now=NOW)
    services.cancel(held, by=alice, now=NOW)
    db.session.commit()
    assert checking.check(payments, payment.id, now=NOW).fate == "late"
    send_refunds()
    assert accounts() == {}


def test_a_second_payment_goes_back_by_itself(as_, alice, held, payments, clock):
    first = an_open_payment(held, payments)
    much_later = clock.advance(minutes=36)
    services.confirm(held, now=much_later)
    second = an_open_payment(held, payments, much_later)
    assert first.id != second.id
    for payment in (second, first):
        payments.pay(payment.checkout_id)
        checking.check(payments, payment.id, now=much_later)
    assert (second.fate, first.fate) == ("kept", "twice")
    send_refunds(much_later)
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert planned() == ["billing.receipt", "billing.twice"]
    assert "Everything is settled" in as_(alice).get("/billing").text


def test_a_page_nobody_came_back_from_is_asked_about(held, payments, clock):
    payment = an_open_payment(held, payments)
    payments.pay(payment.checkout_id)
    assert checking.check_undecided(payments, now=clock.advance(minutes=1)) == 0
    assert checking.check_undecided(payments, now=clock.advance(minutes=5)) == 1
    assert the_payment().fate == "kept"
    assert checking.check_undecided(payments, now=clock.advance(minutes=5)) == 0


def test_the_page_of_a_time_that_is_gone_is_closed(held, payments, clock):
    payment = an_open_payment(held, payments)
    checking.check_undecided(payments, now=clock.advance(minutes=11))
    assert payments.checkouts[payment.checkout_id].stage == "expired"
    assert the_payment().status == "closed"


def test_a_payment_that_never_reached_the_provider_is_forgotten(held, payments, clock):
    paying.start(held, now=NOW)
    db.session.commit()
    checking.check_undecided(payments, now=clock.advance(minutes=20))
    assert the_payment().status == "closed"


@pytest.mark.parametrize(
    ("hours_before", "who", "back"),
    [(24, "client", True), (23.9, "client", False), (1, "counselor", True), (30, "counselor", True)],
)
def test_cancelling_gives_back_what_the_policy_says(held, payments, alice, ines, hours_before, who, back):
    a_paid(held, payments)
    then = held.starts_at - timedelta(hours=hours_before)
    services.cancel(held, by={"client": alice, "counselor": ines}[who], now=then)
    db.session.commit()
    send_refunds(then)
    assert accounts() == ({} if back else {"clearing": 120_00, "income": -120_00})
    assert unbalanced() == []
    assert planned() == ["billing.receipt", *(["billing.refund"] if back else [])]


def test_an_unpaid_session_cancelled_in_time_is_taken_off_the_books(service, alice):
    booked = a_booking(service, alice)
    services.cancel(booked, by=alice, now=NOW)
    db.session.commit()
    assert accounts() == {}


def test_a_free_session_has_no_invoice_and_no_page(as_, ines, alice):
    free = a_hold(an_offer(ines, price_cents=0), alice)
    assert not db.session.scalars(select(Invoice)).all()
    assert as_(alice).get(pay_url(free)).status_code == 409


def test_two_currencies_are_kept_apart(as_, service, ines, alice, payments):
    a_paid(a_hold(service, alice), payments)
    euros = a_service(ines, name="Abroad", currency="EUR", price_cents=95_00)
    a_paid(a_hold(euros, alice, WEDNESDAY_AT_TEN + timedelta(hours=2)), payments)
    assert accounts("EUR") == {"clearing": 95_00, "income": -95_00}
    page = as_(alice).get("/billing").text
    assert "€95.00" in page
    assert "$120.00" in page


def test_refunds_are_never_made_for_what_never_came(held, payments):
    an_open_payment(held, payments)
    assert db.session.scalars(select(Refund)).all() == []


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
