"""Asking for less: credited or written off, never more than is due, never on the strength of an old page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from billing import adjusting, checking, invoicing, owed, queries
from billing import payments as paying
from billing.models import Adjustment, Invoice, Refund
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import accounts, an_open_payment, send_refunds, unbalanced
from tests.booking.builders import an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

FEE = Money(120_00, "USD")


@pytest.fixture
def invoice(ines, alice) -> Invoice:
    """A session of Alice's that is billed and not paid."""
    an_offer(ines)
    issued = invoicing.issue(an_appointment(ines, alice), now=NOW)
    db.session.commit()
    return issued


def dollars(amount: int) -> Money:
    return Money(amount * 100, "USD")


def take_off(invoice: Invoice, omar, amount: Money, reason: str = "hardship", seen: Money = FEE, **more) -> Adjustment:
    made = adjusting.adjust(
        invoice, amount, reason=reason, seen=seen, by=omar, form_key=more.get("key", uuid4().hex), now=NOW
    )
    db.session.commit()
    return made


def page_of(invoice: Invoice) -> str:
    address = f"/invoices/{invoice.id}/adjustment"
    db.session.commit()
    return address


def a_form(**changes: str) -> dict[str, str]:
    usual = {"amount": "40", "seen": "120.00", "reason": "hardship", "note": "As agreed", "key": uuid4().hex}
    return usual | changes


@pytest.mark.parametrize(
    ("reason", "books", "state"),
    [
        ("hardship", {}, "void"),
        ("uncollectable", {"income": -120_00, "written_off": 120_00}, "written_off"),
    ],
)
def test_a_loss_is_written_off_and_everything_else_was_never_earned(invoice, omar, reason, books, state):
    take_off(invoice, omar, FEE, reason)
    assert accounts() == books
    assert queries.of_appointment(invoice.appointment).state == state


def test_what_is_left_is_what_the_client_is_asked_for(as_, alice, invoice, omar):
    take_off(invoice, omar, dollars(40))
    assert owed.to_pay(invoice.appointment) == dollars(80)
    page = as_(alice).get(f"/invoices/{invoice.id}").text
    for words in ("Credited", "−$40.00", "Pay $80.00"):
        assert words in page


def test_nobody_can_pay_for_what_is_written_off(as_, alice, invoice, omar):
    take_off(invoice, omar, FEE, "uncollectable")
    with pytest.raises(paying.CannotPayError, match="nothing to pay for this session any more"):
        paying.start(invoice.appointment, now=NOW)
    db.session.rollback()


def test_a_page_opened_for_more_gives_the_rest_back(alice, invoice, omar, payments):
    payment = an_open_payment(invoice.appointment, payments)
    take_off(invoice, omar, dollars(40))
    payments.pay(payment.checkout_id)
    checking.check(payments, payment.id, now=NOW)
    send_refunds()
    assert accounts() == {"clearing": 80_00, "income": -80_00}
    assert [(made.amount, made.reason) for made in db.session.scalars(select(Refund))] == [(dollars(40), "mistake")]
    assert unbalanced() == []


def test_what_was_written_off_and_comes_after_all_is_no_loss(alice, invoice, omar, payments):
    payment = an_open_payment(invoice.appointment, payments)
    take_off(invoice, omar, FEE, "uncollectable")
    payments.pay(payment.checkout_id)
    checking.check(payments, payment.id, now=NOW)
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert queries.of_appointment(invoice.appointment).state == "paid"


def test_a_new_page_asks_for_what_is_due_now(alice, invoice, omar, payments):
    first = an_open_payment(invoice.appointment, payments)
    take_off(invoice, omar, dollars(40))
    second = an_open_payment(invoice.appointment, payments)
    assert (first.id != second.id, second.amount) == (True, dollars(80))


@pytest.mark.parametrize(("amount", "seen"), [(dollars(121), FEE), (dollars(0), FEE), (dollars(-5), FEE)])
def test_too_much_nothing_and_less_than_nothing_are_refused(invoice, omar, amount, seen):
    with pytest.raises(adjusting.CannotAdjustError, match=r"At most \$120.00 is due"):
        take_off(invoice, omar, amount, seen=seen)


def test_the_database_refuses_more_than_is_due_and_any_change(invoice, omar):
    take_off(invoice, omar, dollars(100))
    for deed in (
        f"""INSERT INTO adjustments (uid, invoice_id, amount_cents, kind, reason, made_by_id, made_at, form_key)
            VALUES ('x', {invoice.id}, 2001, 'credit', 'goodwill', {omar.id}, '2026-11-23', 'y')""",
        "UPDATE adjustments SET amount_cents = 1",
        "DELETE FROM adjustments",
        """INSERT INTO ledger_transactions (kind, reference, amount_cents, currency, open_debit_cents,
            open_credit_cents, posted_at) VALUES ('gift', 'x', 1, 'USD', 1, 1, '2026-11-23')""",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(deed))
        db.session.rollback()


def test_the_office_asks_for_less_once_however_often_the_form_is_sent(as_, invoice, omar):
    address, form = page_of(invoice), a_form(amount="120", reason="uncollectable")
    office = as_(omar)
    assert "At most $120.00." in office.get(address).text
    for _ in range(2):
        assert office.post(address, data=form).status_code == 303
    assert [made.amount for made in db.session.scalars(select(Adjustment))] == [FEE]
    assert "Nothing is due" in office.get(address).text
    assert "Written off" in office.get(f"/invoices/{invoice.id}").text


def test_a_form_that_was_overtaken_says_what_is_due_now_and_keeps_what_was_typed(as_, invoice, omar):
    address = page_of(invoice)
    take_off(invoice, omar, dollars(50))
    answer = as_(omar).post(address, data=a_form())
    assert answer.status_code == 409
    for words in ("Something changed meanwhile: $70.00 is due now", "As agreed", 'name="seen" value="70.00"'):
        assert words in answer.text
    assert len(db.session.scalars(select(Adjustment)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "120.01"}, "Enter an amount from $0.01 to $120.00."),
        ({"amount": "0"}, "Enter an amount from $0.01 to $120.00."),
        ({"amount": "-1"}, "Enter an amount from $0.01 to $120.00."),
        ({"reason": "late"}, "Choose why."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(as_, invoice, omar, changes, words):
    answer = as_(omar).post(page_of(invoice), data=a_form(**changes))
    assert answer.status_code == 422
    assert words in answer.text


def test_only_administrators_ask_for_less(as_, client, invoice, alice, ines, clara):
    address = page_of(invoice)
    for person in (alice, ines, clara):
        assert as_(person).get(address).status_code == 404
        assert as_(person).post(address, data=a_form()).status_code == 404
    assert client.get(address).status_code == 303
