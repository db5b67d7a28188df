"""What cancelling does to money, and what is never billed or given back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from billing.models import Invoice, Refund
from booking import services
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import (
    a_paid,
    accounts,
    an_open_payment,
    pay_url,
    planned,
    send_refunds,
    unbalanced,
)
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_offer
from tests.fakes import MONDAY_MORNING as NOW

FEE = Money(120_00, "USD")


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
