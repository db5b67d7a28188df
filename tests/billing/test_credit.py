"""Clients' credit: where it comes from, what it pays, how it ends, and who sees it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from billing import queries, refunding
from billing.credit import expiring
from billing.credit import queries as credit_queries
from billing.credit import services as credit
from billing.models import Refund
from booking import services
from practice.core.db import db
from tests.billing.builders import a_paid, accounts, send_refunds, unbalanced
from tests.billing.by_hand import dollars, invoice_of, lots_agree, paid_by_hand
from tests.booking.builders import a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW


@pytest.fixture
def paid(ines, alice, payments):
    """A session Alice paid $120 for by card."""
    return a_paid(a_hold(an_offer(ines), alice), payments)


@pytest.fixture
def invoice(ines, alice):
    """A session of Alice's for $120, billed and not paid."""
    an_offer(ines)
    return invoice_of(an_appointment(ines, alice))


def test_a_refund_can_become_credit_and_then_never_goes_to_the_card(paid, alice, omar, payments):
    refunding.request(paid, dollars(50), reason="goodwill", now=NOW, by=omar, way="credit")
    db.session.commit()
    send_refunds()
    assert accounts() == {"clearing": 120_00, "income": -70_00, "credit": -50_00}
    assert (payments.given_back, credit_queries.credit_of(alice.id)) == ({}, [dollars(50)])
    with pytest.raises(refunding.TooMuchError, match=r"At most \$70.00"):
        refunding.request(paid, dollars(71), reason="goodwill", now=NOW, by=omar)
    db.session.rollback()
    assert queries.of_appointment(paid.appointment).refunded == dollars(50)


def test_the_office_chooses_credit_on_the_refund_page_and_the_client_is_told(as_, paid, alice, omar):
    address = f"/payments/{paid.id}"
    form = {"amount": "50", "seen": "120.00", "reason": "goodwill", "note": "", "way": "credit", "key": uuid4().hex}
    db.session.commit()
    office = as_(omar)
    assert "Into their credit" in office.post(f"{address}/refund", data=form).text
    for _ in range(2):
        assert office.post(f"{address}/refund", data=form | {"step": "confirm"}).status_code == 303
    assert [made.way for made in db.session.scalars(select(Refund))] == ["credit"]
    db.session.commit()
    assert "Kept as credit" in office.get(address).text
    assert "became credit on" in as_(alice).get("/billing").text
    page = as_(alice).get("/billing/credit").text
    for words in ("A refund you kept here", "$50.00"):
        assert words in page


def test_credit_pays_an_invoice_and_comes_back_when_it_is_called_off(as_, alice, ines, omar, invoice):
    paid_by_hand(alice, dollars(50), omar)
    address = f"/invoices/{invoice.id}"
    db.session.commit()
    client = as_(alice)
    assert "Pay $50.00 from credit" in client.get(address).text
    assert client.post(f"{address}/credit").status_code == 303
    assert "Pay $70.00" in client.get(address).text
    services.cancel(invoice.appointment, by=ines, now=NOW)
    db.session.commit()
    assert accounts() == {"cash": 50_00, "credit": -50_00}
    assert (credit_queries.credit_of(alice.id), lots_agree(), unbalanced()) == ([dollars(50)], True, [])


def test_a_gift_expires_and_what_was_paid_for_does_not(alice, omar):
    soon = NOW + timedelta(days=3)
    paid_by_hand(alice, dollars(50), omar)
    credit.give(alice, dollars(20), note="Sorry", by=omar, form_key=uuid4().hex, now=NOW, expires_at=soon)
    assert credit_queries.free_for(alice.id, "USD", NOW) == dollars(70)
    assert credit_queries.free_for(alice.id, "USD", soon) == dollars(50)
    assert (expiring.expire(soon), expiring.expire(soon)) == (1, 0)
    assert accounts() == {"cash": 50_00, "credit": -50_00}
    assert lots_agree()


def test_the_office_gives_pays_out_and_gives_back(as_, alice, omar, invoice):
    paid_by_hand(alice, dollars(120), omar, {invoice.id: dollars(120)})
    address, back = f"/people/{alice.id}/credit", f"/invoices/{invoice.id}/return"
    db.session.commit()
    office = as_(omar)
    assert "No credit is left" in office.get(address).text
    form = {"amount": "40", "key": uuid4().hex}
    assert office.post(back, data=form | {"amount": "121"}).status_code == 422
    for _ in range(2):
        assert office.post(back, data=form).status_code == 303
    out = {"amount": "40", "way": "cash", "note": "", "key": uuid4().hex}
    assert office.post(f"{address}/payout", data=out | {"amount": "41"}).status_code == 422
    for _ in range(2):
        assert office.post(f"{address}/payout", data=out).status_code == 303
    gift = {"amount": "10", "note": "Sorry", "expires_on": "2026-12-24", "key": uuid4().hex}
    assert office.post(address, data=gift | {"expires_on": "2020-01-01"}).status_code == 422
    assert office.post(address, data=gift).status_code == 303
    assert accounts() == {"cash": 80_00, "income": -70_00, "credit": -10_00}


def test_credit_is_nobody_elses_affair(as_, alice, ben, ines, clara, omar, invoice):
    paid_by_hand(alice, dollars(50), omar)
    office, use = f"/people/{alice.id}/credit", f"/invoices/{invoice.id}/credit"
    db.session.commit()
    assert "You have no credit" in as_(ben).get("/billing/credit").text
    for person in (alice, ben, ines, clara):
        assert as_(person).get(office).status_code == 404
    for person in (ben, ines, clara):
        assert as_(person).post(use).status_code == 404
