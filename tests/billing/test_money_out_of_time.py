"""Money that comes late, twice, or for a time that is gone, and pages nobody came back from."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from billing import checking
from billing import payments as paying
from billing.cards import charging
from billing.models import Invoice
from booking import services
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import (
    accounts,
    an_open_payment,
    pay_url,
    planned,
    send_refunds,
    the_payment,
)
from tests.billing.cards import a_card
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold
from tests.fakes import MONDAY_MORNING as NOW

FEE = Money(120_00, "USD")


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


def test_late_money_goes_back_whole_when_some_of_it_went_back_at_the_provider_first(
    held, service, ben, payments, clock
):
    payment = an_open_payment(held, payments)
    paid = payments.pay(payment.checkout_id)
    later = clock.advance(minutes=25)
    a_hold(service, ben, WEDNESDAY_AT_TEN, later)
    assert checking.check(payments, payment.id, now=later).fate == "late"
    payments.refund_at_provider(paid.id, Money(1, "USD"))
    checking.check(payments, payment.id, now=later)
    send_refunds(later)
    assert accounts() == {}
    assert sorted(made.amount.cents for made in payments.given_back.values()) == [1, 119_99]


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


def test_a_charge_without_an_answer_is_not_given_up_while_nobody_can_be_asked(held, alice, payments, clock):
    begun = charging.begin(held, a_card(alice, payments), now=NOW)
    db.session.commit()
    payments.down = True
    for minutes in (20, 60):
        checking.check_undecided(payments, now=clock.advance(minutes=minutes))
        assert the_payment().status == "new"
        with pytest.raises(paying.UnderWayError):
            charging.begin(held, begun.card, now=NOW)
        db.session.rollback()
    payments.down = False
    checking.check_undecided(payments, now=clock.advance(minutes=20))
    assert the_payment().status == "closed"
