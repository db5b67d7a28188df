"""Prices below the usual reach the booking: the scale by one's own word, pro bono, and vouchers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from billing import queries
from billing.lowered import queries as lowered
from billing.lowered import redeeming, services
from billing.lowered.models import AgreedPrice, Tier, Voucher, VoucherUse
from booking import services as booking
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from tests.billing.builders import accounts
from tests.billing.by_hand import dollars, invoice_of, paid_by_hand
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, a_service, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

TODAY = date(2026, 11, 23)


@pytest.fixture
def service(ines):
    """Sessions with Ines, for $120."""
    return an_offer(ines)


@pytest.fixture
def half(app) -> Tier:
    """A step of the scale at half the price."""
    made = Tier(name="Household income below $35,000 a year", percent=50, made_at=NOW)
    db.session.add(made)
    db.session.commit()
    return made


def a_voucher(omar, **changes) -> Voucher:
    usual = {"code": "WELCOME", "percent": 25, "currency": "USD", "made_at": NOW, "made_by_id": omar.id}
    made = Voucher(**(usual | changes))
    db.session.add(made)
    db.session.commit()
    return made


def test_ones_own_word_lowers_what_is_booked_from_now_on(service, half, alice, ben):
    before = a_hold(service, alice)
    services.attest(alice, half, today=TODAY, now=NOW)
    after = a_hold(service, alice, WEDNESDAY_AT_TEN + timedelta(days=1))
    other = a_hold(service, ben, WEDNESDAY_AT_TEN + timedelta(days=2))
    assert [each.price for each in (before, after, other)] == [dollars(120), dollars(60), dollars(120)]


def test_it_is_looked_at_again_after_a_year_and_said_before_once(service, half, alice):
    agreed = services.attest(alice, half, today=TODAY, now=NOW)
    assert services.attest(alice, half, today=TODAY, now=NOW) is agreed
    assert lowered.in_force(alice.id, agreed.review_on) is None
    for day in (TODAY, agreed.review_on - timedelta(days=14), agreed.review_on):
        services.tell_of_reviews(day, NOW)
    kinds = [message.kind for message in db.session.scalars(select(OutboxMessage))]
    assert kinds.count(services.REVIEW) == 1
    services.attest(alice, half, today=agreed.review_on, now=NOW)
    assert len(db.session.scalars(select(AgreedPrice)).all()) == 2


def test_pro_bono_is_booked_at_once_and_billed_never(service, alice, omar):
    services.agree(alice, 0, reason="Agreed", review_on=TODAY + timedelta(days=9), by=omar, now=NOW)
    appointment = a_hold(service, alice)
    assert (appointment.status, accounts()) == ("confirmed", {})


def test_a_code_lowers_what_is_held_and_credits_what_is_billed(service, alice, ines, omar):
    a_voucher(omar)
    held = a_hold(service, alice)
    for _ in range(2):
        assert redeeming.redeem(held, "WELCOME", by=alice, now=NOW) == dollars(30)
    assert held.price == dollars(90)
    a_voucher(omar, code="FIFTY", percent=None, amount_cents=50_00)
    billed = an_appointment(ines, alice, WEDNESDAY_AT_TEN.replace(hour=20))
    invoice_of(billed)
    redeeming.redeem(billed, "FIFTY", by=alice, now=NOW)
    assert queries.of_appointment(billed).due == dollars(70)


def test_a_code_for_all_of_it_books_the_session(service, alice, omar):
    a_voucher(omar, percent=100)
    held = a_hold(service, alice)
    redeeming.redeem(held, "WELCOME", by=alice, now=NOW)
    assert (held.status, accounts()) == ("confirmed", {})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "OTHER"}, "not known"),
        ({"active": False}, "not known"),
        ({"ends_at": NOW}, "expired"),
        ({"most_uses": 1}, "used up"),
    ],
)
def test_a_code_that_does_not_count_is_refused_in_words(service, alice, ben, omar, changes, words):
    a_voucher(omar, **changes)
    if "most_uses" in changes:
        redeeming.redeem(a_hold(service, ben, WEDNESDAY_AT_TEN + timedelta(days=1)), "WELCOME", by=ben, now=NOW)
    with pytest.raises(redeeming.CannotRedeemError, match=words):
        redeeming.redeem(a_hold(service, alice), "WELCOME", by=alice, now=NOW)


def test_a_code_for_one_kind_of_session_is_made_in_its_form_and_refused_for_others(as_, service, alice, omar):
    other = a_service(service.counselor, name="Long session", minutes=80)
    held = a_hold(service, alice)
    address = f"/appointments/{held.id}/voucher"
    db.session.commit()
    office, form = as_(omar), {"code": "FIRST", "measure": "percent", "percent": "10", "service_id": "99999"}
    assert office.post("/vouchers", data=form).status_code == 422
    assert office.post("/vouchers", data=form | {"service_id": str(other.id)}).status_code == 303
    assert "Long session with Ines" in office.get("/vouchers").text
    assert "another kind of session" in as_(alice).post(address, data={"code": "first"}, follow_redirects=True).text


def test_a_code_is_used_once_by_each_and_again_when_called_off(service, alice, omar):
    a_voucher(omar)
    first = a_hold(service, alice)
    redeeming.redeem(first, "WELCOME", by=alice, now=NOW)
    booking.confirm(first, now=NOW)
    second = a_hold(service, alice, WEDNESDAY_AT_TEN + timedelta(days=1))
    with pytest.raises(redeeming.CannotRedeemError, match="used this code already"):
        redeeming.redeem(second, "WELCOME", by=alice, now=NOW)
    booking.cancel(first, by=alice, now=NOW)
    assert redeeming.redeem(second, "WELCOME", by=alice, now=NOW) == dollars(30)
    assert [use.released_at is None for use in db.session.scalars(select(VoucherUse).order_by(VoucherUse.id))] == [
        False,
        True,
    ]


def test_a_client_steps_onto_the_scale_and_off_again(as_, half, alice, omar):
    step = str(half.id)
    db.session.commit()
    client = as_(alice)
    assert client.post("/billing/price", data={"tier": step}).status_code == 422
    assert client.post("/billing/price", data={"tier": step, "true": "1"}).status_code == 303
    assert "You pay 50 %" in client.get("/billing/price").text
    assert "Alice Moreau" in as_(omar).get("/prices").text
    assert client.post("/billing/price/end").status_code == 303
    assert "You pay the usual price" in client.get("/billing/price").text


def test_the_office_keeps_the_scale_agreements_and_codes(as_, alice, ines, omar):
    address = f"/people/{alice.id}/price"
    db.session.commit()
    office = as_(omar)
    assert office.post("/prices", data={"name": "Students", "percent": "100"}).status_code == 422
    assert office.post("/prices", data={"name": "Students", "percent": "40"}).status_code == 303
    assert office.post("/prices/tiers/1/withdrawal").status_code == 303
    form = {"percent": "0", "reason": "Agreed by telephone", "review_on": "2027-06-01"}
    assert office.post(address, data=form | {"review_on": "2020-06-01"}).status_code == 422
    assert office.post(address, data=form).status_code == 303
    assert "pro bono" in office.get(address).text
    assert office.post(f"{address}/end").status_code == 303
    code = {"code": "spring 26", "measure": "amount", "amount": "20", "most_uses": "5", "last_day": "2026-12-31"}
    assert office.post("/vouchers", data=code | {"code": "a"}).status_code == 422
    assert office.post("/vouchers", data=code).status_code == 303
    assert office.post("/vouchers", data=code).status_code == 409
    assert "SPRING26" in office.get("/vouchers").text
    assert office.post("/vouchers/1/withdrawal").status_code == 303
    for page in ("/prices", "/vouchers", "/packages", address):
        assert as_(ines).get(page).status_code == 404


def test_codes_and_credit_are_used_on_the_page_where_one_pays(as_, service, alice, omar):
    a_voucher(omar)
    paid_by_hand(alice, dollars(100), omar)
    held = a_hold(service, alice)
    address = f"/appointments/{held.id}"
    db.session.commit()
    client = as_(alice)
    assert "from my credit" not in client.get(f"{address}/payment").text
    assert "not known" in client.post(f"{address}/voucher", data={"code": "x"}, follow_redirects=True).text
    page = client.post(f"{address}/voucher", data={"code": "wel come"}, follow_redirects=True).text
    for words in ("Pay $90.00", "WELCOME takes 25 % off", "Pay $90.00 from my credit"):
        assert words in page
    assert client.post(f"{address}/credit").status_code == 303
    assert accounts() == {"cash": 100_00, "credit": -10_00, "income": -90_00}
