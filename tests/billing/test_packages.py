"""Sessions bought ahead: billed, booked without paying again, given back on cancelling, and ended without loss."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from billing import bills, checking, queries, refunding
from billing.credit import queries as credit_queries
from billing.credit import services as credit_services
from billing.packages import jobs, services
from billing.packages import queries as packages
from billing.packages.models import Package, SoldPackage
from booking import services as booking
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from tests.billing.builders import accounts, paid_on, send_refunds, sent_to_a_page, unbalanced
from tests.billing.by_hand import dollars, lots_agree, paid_by_hand
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, a_service, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments


@pytest.fixture
def service(ines):
    """Sessions with Ines, for $120."""
    return an_offer(ines)


@pytest.fixture
def package(service, omar) -> Package:
    """Three of them for $100 each."""
    made = Package(
        service_id=service.id,
        sessions=3,
        unit_cents=100_00,
        currency="USD",
        valid_days=90,
        made_at=NOW,
        made_by_id=omar.id,
    )
    db.session.add(made)
    db.session.commit()
    return made


def bought(package: Package, client, omar, *, paid: bool = True) -> SoldPackage:
    sold = services.sell(package, client, by=client, form_key=uuid4().hex, now=NOW)
    if paid:
        paid_by_hand(client, package.price, omar, {sold.invoice_id: package.price})
    db.session.commit()
    return sold


def left_of(sold: SoldPackage) -> int:
    return packages.standing(sold).sessions


def test_a_session_bought_ahead_is_booked_at_once_and_for_what_was_paid(service, package, alice, ines, omar):
    sold = bought(package, alice, omar)
    assert accounts() == {"cash": 300_00, "credit": -300_00}
    appointment = a_hold(service, alice)
    assert (appointment.status, appointment.price) == ("confirmed", dollars(100))
    assert (queries.of_appointment(appointment).state, left_of(sold)) == ("paid", 2)
    assert accounts() == {"cash": 300_00, "credit": -200_00, "income": -100_00}
    booking.cancel(appointment, by=ines, now=NOW)
    assert accounts() == {"cash": 300_00, "credit": -300_00}
    assert (left_of(sold), lots_agree(), unbalanced()) == (3, True, [])


def test_nothing_is_booked_on_what_is_not_paid_or_for_another_kind(service, package, alice, ben, ines, omar):
    bought(package, alice, omar, paid=False)
    assert a_hold(service, alice).status == "held"
    bought(package, ben, omar)
    other = a_service(ines, name="Long session")
    assert a_hold(other, ben, WEDNESDAY_AT_TEN + timedelta(days=7)).status == "held"


def test_the_last_but_one_session_is_told_once(service, package, alice, ines, omar):
    sold = bought(package, alice, omar)
    for days in range(3):
        taken = an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(days=days))
        services.redeem(taken, now=NOW)
    kinds = [message.kind for message in db.session.scalars(select(OutboxMessage))]
    assert (kinds.count(services.LOW), left_of(sold)) == (1, 0)


def test_what_is_left_becomes_credit_when_it_ends_or_expires(service, package, alice, omar):
    sold = bought(package, alice, omar)
    a_hold(service, alice)
    jobs.end_expired(NOW + timedelta(days=91))
    jobs.end_expired(NOW + timedelta(days=91))
    assert credit_queries.free_for(alice.id, "USD", NOW) == dollars(200)
    assert (sold.ended_at is not None, left_of(sold), lots_agree()) == (True, 0, True)


def test_what_nobody_paid_is_not_asked_for_any_more(package, alice, omar):
    bought(package, alice, omar, paid=False)
    jobs.end_unpaid(NOW + timedelta(days=13))
    assert accounts() == {"receivable": 300_00, "credit": -300_00}
    jobs.end_unpaid(NOW + timedelta(days=15))
    assert (accounts(), lots_agree()) == ({}, True)


def test_a_package_is_paid_by_card_and_its_rest_goes_back_to_the_card(
    service, package, alice, omar, payments: FakePayments
):
    sold = bought(package, alice, omar, paid=False)
    payment = paid_on(sent_to_a_page(bills.start(sold.invoice, now=NOW), payments), payments)
    a_hold(service, alice)
    with pytest.raises(refunding.TooMuchError, match=r"At most \$200.00"):
        refunding.request(payment, dollars(201), reason="goodwill", now=NOW, by=omar)
    db.session.rollback()
    refunding.request(payment, dollars(200), reason="goodwill", now=NOW, by=omar)
    db.session.commit()
    send_refunds()
    assert accounts() == {"clearing": 100_00, "income": -100_00}
    assert (left_of(sold), lots_agree(), unbalanced()) == (0, True, [])
    assert checking.compare().difference_cents == 0


def test_what_a_package_cost_is_not_given_back_beside_its_sessions(as_, package, alice, omar):
    sold = bought(package, alice, omar)
    with pytest.raises(credit_services.CannotUseCreditError, match="sessions bought ahead"):
        credit_services.give_back(sold.invoice, dollars(300), now=NOW, by=omar)
    db.session.rollback()
    assert f"/invoices/{sold.invoice_id}/return" not in as_(omar).get(f"/invoices/{sold.invoice_id}").text
    assert (accounts(), left_of(sold), lots_agree()) == ({"cash": 300_00, "credit": -300_00}, 3, True)


def test_the_office_offers_and_a_client_buys_once(as_, service, alice, ben, ines, omar):
    an_appointment(ines, alice)
    form = {"service_id": str(service.id), "sessions": "5", "unit": "95", "valid_days": "180"}
    db.session.commit()
    office, client = as_(omar), as_(alice)
    assert office.post("/packages", data=form | {"unit": "121"}).status_code == 422
    assert office.post("/packages", data=form).status_code == 303
    assert "$475.00" in client.get("/billing/packages").text
    key = {"key": uuid4().hex}
    for _ in range(2):
        assert client.post("/billing/packages/1", data=key).status_code == 303
    [sold] = db.session.scalars(select(SoldPackage)).all()
    assert sold.invoice.total == dollars(475)
    person = f"/people/{alice.id}/packages"
    db.session.commit()
    assert "To be paid" in office.get(person).text
    assert as_(ben).post("/billing/packages/1", data=key).status_code == 404
    assert as_(ben).post("/packages/sold/1/end").status_code == 404
    assert client.post("/packages/sold/1/end").status_code == 303
    assert "Ended" in client.get("/billing/packages").text
    assert office.post("/packages/1/withdrawal").status_code == 303
    assert db.session.scalars(select(Appointment)).first()


def test_the_page_before_booking_says_that_it_is_paid(as_, service, package, alice, ines, omar):
    bought(package, alice, omar)
    stamp = WEDNESDAY_AT_TEN.strftime("%Y-%m-%dT%H:%M:%SZ")
    address = f"/counselors/{ines.id}/appointments/new?service_id={service.id}&starts_at={stamp}"
    db.session.commit()
    page = as_(alice).get(address).text
    for words in ("It is paid already", "Book this time"):
        assert words in page
