"""The card company's statement, its fees and its payouts: booked once, whatever order they are heard of in."""

from __future__ import annotations

from itertools import permutations

import pytest

from billing import webhooks
from billing.settlements import payouts, services
from billing.settlements.models import Payout, ProviderLine
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, accounts, unbalanced
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

ALL = Money(116_22, "USD")
"""What is left of $120 after a fee of 2.9 % and 30 cents."""


@pytest.fixture
def paid(ines, alice, payments):
    return a_paid(a_hold(an_offer(ines), alice), payments)


def hear(payments, kind, about):
    return webhooks.receive(payments, payments.read_event(payments.event(kind, about), SIGNATURE), now=NOW)


def test_a_fee_is_booked_from_the_statement_and_once(paid, payments):
    assert services.read(payments, now=NOW) == 1
    assert services.read(payments, now=NOW) == 0
    assert accounts() == {"clearing": 116_22, "fees": 3_78, "income": -120_00}
    assert db.session.get(ProviderLine, payments.lines[0].id).payment == paid


def test_fees_of_their_own_and_fees_given_back_are_booked(paid, payments):
    payments.move("fee", Money(-2_00, "USD"))
    payments.move("fee", Money(50, "USD"))
    services.read(payments, now=NOW)
    assert accounts() == {"clearing": 114_72, "fees": 5_28, "income": -120_00}
    assert [Money(114_72, "USD")] == payments.balance()


def test_a_payout_comes_to_the_same_in_any_order(app, payments):
    """Each piece of news says what was true when it was sent; what came to the bank and went back is nothing."""
    for order in permutations(range(4)):
        made = payments.pay_out(Money(120_00, "USD"), stage="pending")
        states = [made, *(payments.settle_payout(made.id, stage) for stage in ("in_transit", "paid", "failed"))]
        for place in order:
            payouts.apply(states[place], now=NOW)
        db.session.commit()
        assert accounts() == {}
        assert db.session.get(Payout, made.id).stage == "failed"
    assert unbalanced() == []


def test_a_payout_is_heard_of_arrives_and_says_what_it_is_made_of(paid, payments):
    made = payments.pay_out(ALL)
    assert hear(payments, "payout.created", made) == "applied"
    services.read(payments, now=NOW)
    assert accounts() == {"in_transit": 116_22, "fees": 3_78, "income": -120_00}
    assert hear(payments, "payout.paid", payments.settle_payout(made.id, "paid")) == "applied"
    services.ask_about_payouts(payments, now=NOW)
    assert accounts() == {"bank": 116_22, "fees": 3_78, "income": -120_00}
    assert [line.id for line in db.session.query(ProviderLine).filter_by(payout_id=made.id)] == [payments.lines[0].id]


def test_a_payout_that_nobody_told_us_of_is_found_on_the_statement(paid, payments):
    made = payments.pay_out(ALL, stage="paid")
    services.read(payments, now=NOW)
    assert db.session.get(Payout, made.id).stage == "paid"
    assert accounts() == {"bank": 116_22, "fees": 3_78, "income": -120_00}


def test_money_drawn_from_the_bank_is_booked(app, payments):
    payments.pay_out(Money(-15_00, "USD"), stage="paid")
    services.read(payments, now=NOW)
    assert accounts() == {"clearing": 15_00, "bank": -15_00}


def test_a_card_company_that_is_away_changes_nothing(paid, payments):
    payments.down = True
    assert services.read(payments, now=NOW) == 0
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_the_administrator_sees_payouts_and_what_they_are_made_of(as_, omar, alice, paid, payments):
    made = payments.pay_out(ALL, stage="paid")
    db.session.commit()
    office = as_(omar)
    assert "No payouts yet" in office.get("/payouts").text
    assert "2 new lines" in office.post("/payouts/reading", follow_redirects=True).text
    assert "$116.22" in office.get("/payouts").text
    page = office.get(f"/payouts/{made.id}").text
    assert "Payment by card" in page
    assert alice.name in page
    assert "$3.78" in page
    assert alice.name in office.get(f"/payouts/{made.id}.csv").text
    assert office.get("/payouts/po_none").status_code == 404


def test_nobody_else_sees_payouts(as_, ines, alice):
    for person in (ines, alice):
        assert as_(person).get("/payouts").status_code in {403, 404}
