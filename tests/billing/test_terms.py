"""How a service is paid: in full, by a deposit, with a card on file, or nothing when it is booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import owed
from billing.terms import letters, queries, services
from billing.terms.forms import PayingForm
from billing.terms.rules import (
    AFTER,
    BEFORE,
    CARD,
    DEPOSIT,
    FULL,
    NOTHING,
    Terms,
    charge_at,
    deposit_of,
    in_words,
    tell_at,
)
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.money import Money
from tests.billing.builders import a_paid, accounts, pay_url
from tests.billing.cards import a_card
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold

FEE = Money(120_00, "USD")
NEW_YORK = "America/New_York"


def ruled(service, ines, **changes) -> None:
    usual = {"booking": FULL, "first_visit": FULL, "basis": "percent", "value": 25, "rest": BEFORE}
    services.set_rule(service, PayingForm(**(usual | changes)), by=ines)
    db.session.commit()


@given(cents=st.integers(1, 10**7), value=st.integers(1, 100))
def test_a_deposit_is_some_of_the_price(cents, value):
    price = Money(cents, "USD")
    assert Money.zero("USD") < deposit_of(price, "percent", value) <= price
    assert deposit_of(price, "amount", cents + value) == price


@pytest.mark.parametrize(("rest", "day"), [(BEFORE, 24), (AFTER, 26)])
def test_a_card_is_charged_in_the_clients_morning_and_announced_the_evening_before(rest, day):
    charged = charge_at(WEDNESDAY_AT_TEN, WEDNESDAY_AT_TEN + timedelta(minutes=50), rest, NEW_YORK)
    assert charged == datetime(2026, 11, day, 14, tzinfo=UTC)
    assert tell_at(charged, NEW_YORK) == datetime(2026, 11, day - 1, 23, tzinfo=UTC)


def test_a_clock_change_moves_neither():
    """The clocks go forward in New York on 14 March 2027."""
    starts = datetime(2027, 3, 15, 14, tzinfo=UTC)
    charged = charge_at(starts, starts, BEFORE, NEW_YORK)
    assert charged == datetime(2027, 3, 14, 13, tzinfo=UTC)
    assert tell_at(charged, NEW_YORK) == datetime(2027, 3, 13, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (Terms(FULL, FEE, BEFORE), "You pay $120.00 now."),
        (Terms(DEPOSIT, Money(30_00, "USD"), AFTER), "The rest, $90.00, is due the day after the session."),
        (Terms(DEPOSIT, FEE, AFTER), "You pay $120.00 now."),
        (Terms(CARD, FEE, BEFORE), "is charged to your card the day before the session"),
        (Terms(NOTHING, FEE, AFTER), "You pay nothing now."),
    ],
)
def test_clients_read_what_is_paid_when(terms, words):
    assert words in in_words(terms, FEE)


def test_a_counselor_says_how_a_service_is_paid(as_, ines, clara, alice, service):
    browser, path = as_(ines), f"/services/{service.id}/paying"
    assert path in browser.get("/services").text
    assert "How it is paid" in browser.get(path).text
    form = {"booking": "deposit", "first_visit": "nothing", "rest": "after", "basis": "percent", "percent": "140"}
    refused = browser.post(path, data=form)
    assert refused.status_code == 422
    assert 'value="140"' in refused.text
    assert browser.post(path, data=form | {"percent": "30"}).location == "/services"
    assert 'value="30"' in browser.get(path).text
    form |= {"basis": "amount", "amount": "45"}
    browser.post(path, data=form)
    rule = queries.rule_of(service.id)
    assert (rule.basis, rule.value, rule.first_visit) == ("amount", 45_00, "nothing")
    db.session.commit()
    assert as_(clara).get(path).status_code == 404
    assert as_(alice).get(path).status_code == 404


def test_a_deposit_books_and_the_rest_stays_due(as_, alice, ines, service, payments):
    ruled(service, ines, booking=DEPOSIT, first_visit=DEPOSIT)
    held = a_hold(service, alice)
    page = as_(alice).get(pay_url(held)).text
    assert "You pay $30.00 now. The rest, $90.00, is due the day before the session." in page
    a_paid(held, payments)
    assert (held.status, owed.to_pay(held)) == ("confirmed", Money(90_00, "USD"))
    assert accounts() == {"clearing": 30_00, "receivable": 90_00, "income": -120_00}


def test_what_was_agreed_stays_when_the_rule_changes(alice, ines, service):
    ruled(service, ines, booking=DEPOSIT, first_visit=DEPOSIT)
    held = a_hold(service, alice)
    ruled(service, ines)
    assert owed.to_pay(held) == Money(30_00, "USD")


def test_nothing_is_paid_where_nothing_is_asked_for(as_, alice, ines, service):
    ruled(service, ines, booking=NOTHING, first_visit=NOTHING)
    held = a_hold(service, alice)
    browser = as_(alice)
    assert "Book this time" in browser.get(pay_url(held)).text
    assert browser.post(f"/appointments/{held.id}/unpaid").location == f"/appointments/{held.id}/confirmation"
    assert accounts() == {"receivable": 120_00, "income": -120_00}


def test_a_card_is_left_before_the_time_is_booked(as_, alice, ines, service, payments):
    ruled(service, ines, booking=CARD, first_visit=CARD)
    held = a_hold(service, alice)
    number = held.id
    browser = as_(alice)
    assert "Leave a card" in browser.get(pay_url(held)).text
    assert browser.post(f"/appointments/{number}/unpaid").location == f"/appointments/{number}/payment"
    browser.post(f"/appointments/{number}/card")
    [setup] = payments.setups
    payments.save_card(setup)
    page = browser.get(f"/appointments/{number}/card/return", follow_redirects=True).text
    assert "Book this time with Visa ending 4242" in page
    assert browser.post(f"/appointments/{number}/unpaid").location == f"/appointments/{number}/confirmation"
    assert payments.charged == []


def test_a_first_visit_may_be_paid_another_way(as_, alice, ines, service):
    ruled(service, ines, booking=FULL, first_visit=NOTHING)
    assert queries.agreed_on(a_hold(service, alice)).booking == NOTHING
    a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=2))
    later = a_hold(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=4))
    assert queries.agreed_on(later).booking == FULL
    assert as_(alice).post(f"/appointments/{later.id}/unpaid").status_code == 404


def test_nobody_books_anothers_time_unpaid(as_, ben, alice, ines, service, payments):
    ruled(service, ines, booking=NOTHING, first_visit=NOTHING)
    held = a_hold(service, alice)
    number = held.id
    a_card(ben, payments)
    for path in ("unpaid", "card"):
        assert as_(ben).post(f"/appointments/{number}/{path}").status_code == 404


def test_the_rest_is_asked_for_once_when_it_is_due(alice, ines, service, mailer, clock):
    ruled(service, ines, booking=NOTHING, first_visit=NOTHING)
    a_booking(service, alice)
    due = datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert letters.ask_for_the_rest(due - timedelta(minutes=1)) == 0
    assert [letters.ask_for_the_rest(due), letters.ask_for_the_rest(due + timedelta(days=1))] == [1, 0]
    clock.advance(seconds=(due - clock.now()).total_seconds())
    db.session.commit()
    while deliver_due("tests"):
        pass
    [letter] = [mail for mail in mailer.to("alice@example.org") if "To be paid: $120.00" in mail.subject]
    assert "/payment" in letter.text


def test_nobody_is_asked_for_what_a_card_is_charged_for(alice, ines, service, payments):
    ruled(service, ines, booking=CARD, first_visit=CARD)
    a_card(alice, payments)
    a_booking(service, alice)
    assert letters.ask_for_the_rest(datetime(2026, 11, 25, tzinfo=UTC)) == 0
