"""Paying an invoice that is about no session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from billing import bills, invoicing, queries
from billing.ledger.posting import BILLS, GIVES_BACK, PAYS
from billing.models import Invoice, Payment
from billing.payments import AlreadyPaidError, begin
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import accounts, paid_on, planned, send_refunds, sent_to_a_page, the_payment
from tests.fakes import MONDAY_MORNING as NOW

FEE = Money(120_00, "USD")


@pytest.fixture
def bill(ines, alice) -> Invoice:
    """$120 that Alice is asked for, and no session it is about."""
    made = invoicing.draw_up(client=alice, counselor_id=ines.id, amount=FEE, description="Letter", now=NOW)
    db.session.commit()
    return made


@pytest.fixture
def path(bill) -> str:
    address = f"/invoices/{bill.id}/payment"
    db.session.commit()
    return address


def test_what_bills_neither_pays_nor_gives_back():
    assert not BILLS & (PAYS | GIVES_BACK)


def test_it_is_paid_on_the_providers_page(as_, alice, omar, bill, path, payments):
    browser = as_(alice)
    assert "Pay $120.00" in browser.get(path).text
    assert browser.post(path).location == browser.post(path).location == payments.checkouts["cs_fake_1"].url
    assert "You have not paid yet" in browser.get(f"{path}/return").text
    payments.decline("cs_fake_1", "insufficient_funds")
    assert "There was not enough money on the card." in browser.get(f"{path}/return").text
    payments.pay("cs_fake_1")
    assert "$120.00 arrived" in browser.get(f"{path}/return", follow_redirects=True).text
    assert (the_payment().fate, accounts()) == ("kept", {"clearing": 120_00, "income": -120_00})
    assert planned() == ["billing.receipt"]
    number = the_payment().id
    for page in (f"/payments/{number}/receipt", "/billing"):
        assert bill.label in browser.get(page).text
    office = as_(omar)
    for page in ("/payments", f"/payments/{number}", "/payments.csv"):
        assert "Ines Calder" in office.get(page).text
    assert browser.get(path).location == f"/invoices/{bill.id}"


def test_it_is_paid_once_and_the_second_goes_back(as_, alice, bill, path, payments):
    first = sent_to_a_page(bills.start(bill, now=NOW), payments)
    assert bills.start(bill, now=NOW) is first
    later = NOW + timedelta(hours=1)
    second = sent_to_a_page(bills.start(bill, now=later), payments)
    assert (first.status, second.status) == ("closed", "open")
    for payment in (second, first):
        paid_on(payment, payments, later)
    assert (second.fate, first.fate) == ("kept", "twice")
    with pytest.raises(AlreadyPaidError):
        bills.start(bill, now=later)
    send_refunds(later)
    assert queries.billed_on(bill).state == "paid"
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_nobody_else_pays_it(as_, ben, omar, ines, path):
    for person in (ben, omar, ines):
        assert as_(person).get(path).status_code == 404
        assert as_(person).post(path).status_code == 404


def test_a_payment_is_for_a_session_or_for_a_bill(alice, bill):
    with pytest.raises(IntegrityError):
        begin(Payment(client_id=alice.id), FEE, NOW)
    db.session.rollback()
