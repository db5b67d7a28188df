"""Several payments for one session: each counts, and what is asked for and given back is what they come to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing import payments as paying
from billing import queries
from billing.models import Payment
from booking import services
from booking.fees import services as fees
from booking.models.appointments import Appointment
from booking.terms import PERCENT, WHOLE_PRICE, Fee
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import (
    a_paid,
    a_part_payment,
    accounts,
    an_open_payment,
    paid_on,
    pay_url,
    planned,
    send_refunds,
    unbalanced,
)
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW


def dollars(amount: int) -> Money:
    return Money(amount * 100, "USD")


@pytest.fixture
def part(ines, alice, omar, payments) -> Payment:
    """$40 of the $120 that Alice pays for a session; coming too late costs half of the price."""
    fees.set_rules(Fee(PERCENT, 50), WHOLE_PRICE, by=omar)
    return paid_on(a_part_payment(a_hold(an_offer(ines), alice), payments, 40_00), payments)


@pytest.fixture
def session(part) -> Appointment:
    return part.appointment


def test_the_first_books_the_session_and_the_rest_is_asked_for(as_, alice, ines, part, session, payments):
    assert (part.fate, session.status) == ("kept", "confirmed")
    billed = queries.of_appointment(session)
    assert (billed.state, billed.paid, billed.due) == ("due", dollars(40), dollars(80))
    page = as_(alice).get(f"/appointments/{session.id}").text
    assert "$40.00 is paid, $80.00 is still to pay." in page
    assert "Partly paid" in as_(ines).get(f"/appointments/{session.id}").text
    assert "Pay $80.00" in as_(alice).get(pay_url(session)).text
    assert an_open_payment(session, payments).amount == dollars(80)


def test_the_rest_settles_it_and_a_third_goes_back(as_, alice, part, session, payments):
    rest = a_paid(session, payments)
    assert (rest.fate, rest.invoice_id) == ("kept", part.invoice_id)
    assert queries.of_appointment(session).state == "paid"
    with pytest.raises(paying.AlreadyPaidError):
        paying.start(session, now=NOW)
    third = paid_on(a_part_payment(session, payments, 80_00), payments)
    send_refunds()
    assert third.fate == "twice"
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert planned().count("billing.receipt") == 2
    assert "Receipt for $80.00" in as_(alice).get(f"/appointments/{session.id}").text


def test_what_comes_beyond_the_rest_goes_back(part, session, payments):
    late = paid_on(a_part_payment(session, payments, 100_00), payments)
    send_refunds()
    assert (late.fate, late.refunded) == ("kept", dollars(20))
    assert accounts() == {"clearing": 120_00, "income": -120_00}


@pytest.mark.parametrize("whole", [True, False])
def test_cancelling_gives_all_of_them_back_and_asks_for_nothing(part, session, ines, payments, whole):
    if whole:
        a_paid(session, payments)
    services.cancel(session, by=ines, now=NOW)
    db.session.commit()
    send_refunds()
    assert accounts() == {}
    assert unbalanced() == []
    assert queries.of_appointment(session).state == "refunded"


def test_a_fee_above_what_was_paid_is_asked_for_and_below_it_given_back(part, session, alice, ines, payments):
    late = session.starts_at - timedelta(hours=2)
    services.cancel(session, by=alice, now=late)
    fees.charge(fees.of(session), by=ines, now=late)
    db.session.commit()
    billed = queries.of_appointment(session)
    assert (billed.due, billed.held) == (dollars(20), dollars(40))
    assert an_open_payment(session, payments, late).amount == dollars(20)


def test_a_fee_below_what_was_paid_comes_off_the_latest_first(part, session, alice, ines, payments):
    rest = a_paid(session, payments)
    late = session.starts_at - timedelta(hours=2)
    services.cancel(session, by=alice, now=late)
    fees.charge(fees.of(session), by=ines, now=late)
    db.session.commit()
    send_refunds(late)
    assert (part.refunded, rest.refunded) == (dollars(0), dollars(60))
    assert accounts() == {"clearing": 60_00, "income": -60_00}
