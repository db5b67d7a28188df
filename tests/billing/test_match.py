"""The three-way match: what agrees is quiet, and each kind of difference is named and found once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing import invoicing, refunding
from billing.matching import kinds, queries, services
from billing.matching.models import Difference
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, send_refunds
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

FEE = Money(120_00, "USD")
LATER = NOW + timedelta(days=9)


@pytest.fixture
def paid(ines, alice, omar, payments):
    return a_paid(a_hold(an_offer(ines), alice), payments)


def found() -> list[tuple[str, int]]:
    return [(each.kind, each.amount_cents) for each in queries.to_explain()]


def test_what_agrees_is_quiet(paid, payments):
    refunding.request(paid, Money(20_00, "USD"), reason="goodwill", now=NOW)
    db.session.commit()
    send_refunds()
    payments.ask_back(paid.intent_id, Money(100_00, "USD"))
    payments.pay_out(Money(5_00, "USD"))
    run = services.run(payments, now=LATER)
    assert (run.found, run.problem) == (0, "")
    assert [each["held"] == each["booked"] for each in run.totals] == [True]


def test_money_that_nobody_asked_for_is_named_and_explains_the_whole_gap(paid, payments):
    payments.move("charge", Money(35_00, "USD"), fee=1_32, source="ch_stray", payment_id="pi_stray")
    payments.move("other", Money(-7_00, "USD"))
    run = services.run(payments, now=NOW)
    assert found() == [("charge_unknown", 35_00), ("line_other", -7_00)]
    assert [each["gap"] for each in run.totals] == [0]


def test_a_payment_that_the_statement_lacks_is_named(paid, payments):
    payments.lines.clear()
    payments.move("fee", Money(-1_00, "USD"), at=NOW - timedelta(days=30))
    services.run(payments, now=LATER)
    assert ("payment_without_line", 120_00) in found()


def test_a_refund_that_failed_to_reach_us_is_named(paid, payments):
    payments.move("refund", Money(-9_00, "USD"), source="re_stray", payment_id=paid.intent_id)
    services.run(payments, now=NOW)
    assert found() == [("refund_unknown", -9_00)]


def test_a_balance_that_the_lines_do_not_come_to_is_named(paid, payments):
    services.run(payments, now=NOW)
    payments.lines.pop()
    services.run(payments, now=NOW)
    assert found() == [("balance", -116_22)]


def test_sessions_without_their_bill_are_named(ines, alice, payments):
    unbilled = an_appointment(ines, alice, WEDNESDAY_AT_TEN)
    otherwise = an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=2))
    invoicing.issue(otherwise, now=NOW)
    otherwise.price_cents = 90_00
    called_off = an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=4))
    invoicing.issue(called_off, now=NOW)
    called_off.status = "cancelled"
    called_off.cancelled_at = NOW
    db.session.commit()
    services.run(payments, now=NOW)
    assert sorted(found()) == [
        ("billed_otherwise", 30_00),
        ("earned_cancelled", 120_00),
        ("unbilled", unbilled.price_cents),
    ]


def test_a_card_company_that_is_away_is_said(paid, payments):
    services.run(payments, now=NOW)
    payments.down = True
    assert "did not answer" in services.run(payments, now=NOW).problem
    assert found() == []


def test_a_difference_is_kept_explained_and_gone_by_itself(as_, omar, paid, payments):
    stray = payments.move("charge", Money(35_00, "USD"), source="ch_stray")
    services.run(payments, now=NOW)
    number = db.session.query(Difference).one().id
    office = as_(omar)
    db.session.commit()
    assert "A payment that nobody here asked for" in office.get("/match").text
    assert office.post(f"/match/{number}", data={"note": ""}).status_code == 422
    said = office.post(f"/match/{number}", data={"note": "A gift card"}, follow_redirects=True).text
    assert "Everything that differs is explained" in said
    assert "A gift card" in said
    services.run(payments, now=NOW)
    assert found() == []
    db.session.execute(db.text("DELETE FROM provider_lines WHERE id = :id"), {"id": stray.id})
    payments.lines.remove(stray)
    services.run(payments, now=NOW)
    db.session.commit()
    assert "Gone" in office.get(f"/match/{number}").text


def test_an_explanation_falls_with_another_amount(paid, payments, omar):
    services.keep([kinds.Found("balance", "USD", Money(5, "USD"), 5, NOW)], now=NOW)
    row = db.session.query(Difference).one()
    services.explain(row, "Before our time", by=omar, now=NOW)
    services.keep([kinds.Found("balance", "USD", Money(6, "USD"), 6, NOW)], now=NOW)
    assert row.explained_at is None


def test_the_office_compares_and_nobody_else(as_, omar, ines, alice, paid):
    db.session.commit()
    assert "Not compared yet" in as_(omar).get("/match").text
    assert "Everything agrees" in as_(omar).post("/match/runs", follow_redirects=True).text
    for person in (ines, alice):
        assert as_(person).get("/match").status_code in {403, 404}
