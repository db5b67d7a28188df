"""A client's account explains every cent: what was billed, paid, credited and sent back, and what was owed after it."""

from __future__ import annotations

import re
from uuid import uuid4

from billing import account, adjusting, invoicing, refunding
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, send_refunds
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

HALF = Money(60_00, "USD")


def a_history(ines, alice, omar, payments) -> None:
    """Alice paid and got half back; another session is billed, and half of it is given up."""
    paid = a_paid(a_hold(an_offer(ines), alice), payments)
    refunding.request(paid, HALF, reason="goodwill", now=NOW, by=omar)
    db.session.commit()
    send_refunds()
    unpaid = invoicing.issue(an_appointment(ines, alice, WEDNESDAY_AT_TEN.replace(hour=20)), now=NOW)
    adjusting.adjust(unpaid, HALF, reason="hardship", seen=unpaid.total, by=omar, form_key=uuid4().hex, now=NOW)
    db.session.commit()


def test_every_line_says_what_was_owed_after_it(ines, alice, omar, payments):
    a_history(ines, alice, omar, payments)
    lines = [(line.words, line.amount.cents, line.balance.cents) for line in account.of(alice, most=50)]
    assert lines == [
        ("Credited to you", -60_00, 60_00),
        ("Billed", 120_00, 120_00),
        ("Went back to your card", 60_00, 0),
        ("Credited to you", -60_00, -60_00),
        ("You paid by card", -120_00, 0),
        ("Billed", 120_00, 120_00),
    ]
    assert [line.balance for line in account.of(alice, most=2, offset=2)] == [Money(0, "USD"), -HALF]


def test_a_client_reads_their_own_account_and_nobody_elses(as_, ines, alice, ben, omar, payments):
    a_history(ines, alice, omar, payments)
    page = " ".join(re.sub(r"<[^>]+>", " ", as_(alice).get("/billing/account").text).split())
    for words in (
        "with Ines Calder",
        "Goodwill.",
        "+$120.00",
        "−$60.00",
        "You owe $60.00",
        "We owe you $60.00",
        "Settled",
    ):
        assert words in page
    assert "Nothing has been billed yet" in as_(ben).get("/billing/account").text
    assert as_(omar).get("/billing/account").status_code == 404
    assert "/billing/account" in as_(alice).get("/billing").text


def test_a_pay_button_that_was_overtaken_charges_nothing(as_, ines, alice, omar):
    an_offer(ines)
    invoice = invoicing.issue(an_appointment(ines, alice), now=NOW)
    address = f"/appointments/{invoice.appointment_id}/payment"
    db.session.commit()
    client = as_(alice)
    assert 'name="amount" value="120.00"' in client.get(address).text
    adjusting.adjust(invoice, HALF, reason="hardship", seen=invoice.total, by=omar, form_key=uuid4().hex, now=NOW)
    db.session.commit()
    answer = client.post(address, data={"amount": "120.00"})
    assert answer.status_code == 409
    for words in ("The amount changed meanwhile", "Pay $60.00", 'name="amount" value="60.00"'):
        assert words in answer.text
    assert client.post(address, data={"amount": "60.00"}).status_code == 303


def test_a_refund_form_that_was_overtaken_says_what_is_left_now(as_, ines, alice, omar, payments):
    paid = a_paid(a_hold(an_offer(ines), alice), payments)
    address = f"/payments/{paid.id}/refund"
    refunding.request(paid, HALF, reason="goodwill", now=NOW, by=omar)
    db.session.commit()
    form = {"amount": "50", "seen": "120.00", "reason": "goodwill", "note": "A kind word", "key": uuid4().hex}
    answer = as_(omar).post(address, data=form)
    assert answer.status_code == 409
    for words in ("Something changed meanwhile: $60.00 is left now", "A kind word", 'name="seen" value="60.00"'):
        assert words in answer.text
