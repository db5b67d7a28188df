"""Giving money back: never too much, never twice, and visible until it has arrived."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from billing import checking, refunding
from billing.models import Payment, Refund
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.money import Money
from tests.billing.builders import a_paid, accounts, send_refunds, unbalanced
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW

KEPT = {"clearing": 120_00, "income": -120_00}


@pytest.fixture
def payment(ines, alice, payments) -> Payment:
    return a_paid(a_hold(an_offer(ines), alice), payments)


@pytest.fixture
def office(as_, omar):
    """The administrator's browser."""
    db.session.commit()
    return as_(omar)


def page_of(payment, rest: str = "") -> str:
    address = f"/payments/{payment.id}{rest}"
    db.session.commit()
    return address


def dollars(amount: int) -> Money:
    return Money(amount * 100, "USD")


def a_form(**changes: str) -> dict[str, str]:
    return {
        "amount": "50",
        "reason": "goodwill",
        "note": "A kind word",
        "key": uuid4().hex,
        "step": "confirm",
    } | changes


def refunds() -> list[Refund]:
    return list(db.session.scalars(select(Refund).order_by(Refund.id).execution_options(populate_existing=True)))


def ask(payment, amount: Money, **more) -> Refund:
    refund = refunding.request(payment, amount, reason="goodwill", now=NOW, **more)
    db.session.commit()
    return refund


def test_the_administrator_is_asked_how_much_and_why_and_then_whether_really(office, payment):
    form = office.get(page_of(payment, "/refund"))
    assert "At most $120.00 is left." in form.text
    asked = office.post(page_of(payment, "/refund"), data=a_form(step=""))
    assert asked.status_code == 200
    assert "Give $50.00 back?" in asked.text
    assert "This cannot be undone" in asked.text
    assert refunds() == []


def test_a_refund_leaves_at_once_is_booked_told_and_noted(office, payment, payments, mailer):
    answer = office.post(page_of(payment, "/refund"), data=a_form())
    assert (answer.status_code, answer.location) == (303, page_of(payment))
    assert [made.amount for made in payments.given_back.values()] == [dollars(50)]
    assert accounts() == {"clearing": 70_00, "income": -70_00}
    page = office.get(page_of(payment)).text
    for words in (
        "$50.00 went back to the card",
        "A kind word",
        "Asked for by Omar Haddad",
        "Partly refunded",
        "Credit",
    ):
        assert words in page
    while deliver_due("tests"):
        pass
    assert any("$50.00 is on its way back to you" in mail.subject for mail in mailer.to("alice@example.org"))
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"refund.requested", "refund.succeeded", "payment.viewed"} <= actions


def test_the_same_form_sent_twice_gives_back_once(office, payment, payments):
    form = a_form()
    for _ in range(3):
        assert office.post(page_of(payment, "/refund"), data=form).status_code == 303
    assert len(payments.given_back) == 1


def test_the_same_form_for_everything_sent_twice_gives_back_once(office, payment, payments):
    form = a_form(amount="120")
    for _ in range(2):
        assert office.post(page_of(payment, "/refund"), data=form).status_code == 303
    assert len(payments.given_back) == 1
    assert "Nothing is left to give back" in office.get(page_of(payment, "/refund")).text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("amount", "120.01", "Enter an amount from $0.01 to $120.00."),
        ("amount", "0", "Enter an amount from $0.01 to $120.00."),
        ("amount", "-5", "Enter an amount from $0.01 to $120.00."),
        ("amount", "lots", "Enter an amount like 120 or 120.50."),
        ("amount", "", "Fill this in."),
        ("reason", "", "Choose why."),
        ("reason", "late", "Choose why."),
        ("note", "x" * 501, "Use at most 500 characters"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(office, payment, field, typed, words):
    answer = office.post(page_of(payment, "/refund"), data=a_form(**{field: typed}))
    assert answer.status_code == 422
    assert words in answer.text
    assert refunds() == []


def test_more_than_is_left_is_refused(office, payment):
    ask(payment, dollars(100))
    answer = office.post(page_of(payment, "/refund"), data=a_form(amount="30"))
    assert answer.status_code == 422
    assert "from $0.01 to $20.00" in answer.text
    with pytest.raises(refunding.TooMuchError):
        refunding.request(payment, dollars(21), reason="goodwill", now=NOW)
    db.session.rollback()


@pytest.mark.parametrize("path", ["", "/refund"])
def test_only_the_administrator_sees_a_payment_and_gives_back(as_, client, payment, alice, ben, ines, clara, path):
    address = page_of(payment, path)
    for person in (alice, ben, ines, clara):
        assert as_(person).get(address).status_code == 404
        assert as_(person).post(f"/payments/{payment.id}/refund", data=a_form()).status_code == 404
    assert client.get(address).status_code == 303
    assert client.post(f"/payments/{payment.id}/refund", data=a_form()).status_code == 401
    assert refunds() == []


def test_a_payment_that_is_not_there_is_not_found(office):
    for path in ("/payments/99", "/payments/99/refund", "/payments/99/receipt", "/payments/99/receipt.pdf"):
        assert office.get(path).status_code == 404
    assert office.post("/payments/99/refund", data=a_form()).status_code == 404


def test_a_provider_that_is_down_is_asked_again_later(office, payment, payments, clock):
    payments.down = True
    office.post(page_of(payment, "/refund"), data=a_form())
    assert refunds()[0].status == "queued"
    assert "is on its way back" in office.get(page_of(payment)).text
    send_refunds(clock.advance(seconds=1))
    assert payments.given_back == {}
    payments.down = False
    send_refunds(clock.advance(minutes=5))
    assert refunds()[0].status == "succeeded"
    assert accounts() == {"clearing": 70_00, "income": -70_00}


def test_a_lost_answer_is_found_and_not_repeated(payment, payments, clock):
    ask(payment, dollars(50))
    payments.lost = True
    send_refunds()
    assert (len(payments.given_back), refunds()[0].status) == (1, "queued")
    send_refunds(clock.advance(minutes=5))
    assert (len(payments.given_back), refunds()[0].status) == (1, "succeeded")


def test_a_sender_that_dies_is_succeeded_by_another(payment, payments):
    ask(payment, dollars(50))
    [dead] = refunding.claim(now=NOW)
    db.session.commit()
    refunding.send(payments, dead)
    assert refunding.claim(now=NOW) == []
    later = NOW + refunding.LEASE + timedelta(seconds=1)
    send_refunds(later)
    assert len(payments.given_back) == 1
    assert refunds()[0].status == "succeeded"
    assert unbalanced() == []


def test_a_refund_the_provider_refuses_is_shown_and_frees_the_amount(office, payment, payments):
    payments.refund_at_provider(payment.intent_id, dollars(100))
    answer = office.post(page_of(payment, "/refund"), data=a_form(amount="50"), follow_redirects=True)
    assert "The card company refused this refund" in answer.text
    assert "A refund did not arrive" in answer.text
    assert accounts() == KEPT
    assert "A refund did not arrive" in office.get("/payments").text
    checking.check(payments, payment.id, now=NOW)
    assert accounts() == {"clearing": 20_00, "income": -20_00}


def test_a_bank_that_sends_money_back_later_is_booked(payment, payments):
    ask(payment, dollars(50))
    send_refunds()
    [number] = payments.given_back
    made = payments.given_back[number]
    payments.given_back[number] = type(made)(number, made.key, made.payment_id, made.amount, "failed", "account_closed")
    checking.check(payments, payment.id, now=NOW)
    assert accounts() == KEPT
    assert refunds()[0].status == "failed"
    assert db.session.get(Payment, payment.id, populate_existing=True).refunded_cents == 0
    assert unbalanced() == []


def test_money_given_back_at_the_provider_takes_the_place_of_a_promise(payment, payments):
    ask(payment, dollars(120))
    payments.refund_at_provider(payment.intent_id, dollars(120))
    checking.check(payments, payment.id, now=NOW)
    assert [(refund.status, refund.reason) for refund in refunds()] == [
        ("withdrawn", "goodwill"),
        ("succeeded", "provider"),
    ]
    assert accounts() == {}
    send_refunds()
    assert len(payments.given_back) == 1


def test_the_nightly_match_finds_what_nobody_told_us(payment, payments, clock):
    payments.refund_at_provider(payment.intent_id, dollars(10))
    match = checking.check_recent(payments, now=clock.advance(hours=20))
    assert (match.ledger_cents, match.difference_cents) == (110_00, 0)
    assert [refund.reason for refund in refunds()] == ["provider"]


def test_two_who_refund_everything_at_once_give_back_once(app, payment):
    """Threads race for the same money; one promise is made and the others are told."""
    from concurrent.futures import ThreadPoolExecutor

    number = payment.id
    db.session.commit()

    def race(_place: int) -> str:
        with app.app_context():
            try:
                refunding.request(db.session.get(Payment, number), dollars(120), reason="goodwill", now=NOW)
                db.session.commit()
            except refunding.TooMuchError:
                return "too much"
            return "promised"

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(race, range(6)))
    assert outcomes == ["promised", *["too much"] * 5]
