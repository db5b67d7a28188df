"""Fees for late cancellations and missed sessions: proposed by rule, decided by a person, and money follows."""

from datetime import timedelta

import pytest

from billing import payments as money
from billing import queries
from billing.lowered.models import Voucher
from billing.lowered.redeeming import redeem
from billing.models import Refund
from booking import policies, services
from booking.fees import services as fees
from booking.fees.jobs import charge_fees, give_back
from booking.models.fees import FeeProposal
from booking.refusals import NotAllowedError
from booking.terms import AMOUNT, NONE, PERCENT, WHOLE_PRICE, Fee
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, accounts, an_open_payment
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from video.models import Room, RoomEvent

LATE = WEDNESDAY_AT_TEN - timedelta(hours=2)
AFTER = WEDNESDAY_AT_TEN + timedelta(hours=1)


@pytest.fixture
def paid(ines, alice, omar, payments):
    """A session that Alice paid under terms of one half for coming too late and $40 for not coming."""
    fees.set_rules(Fee(PERCENT, 50), Fee(AMOUNT, 4000), by=omar)
    return a_paid(a_hold(an_offer(ines), alice), payments).appointment


def proposed(appointment) -> FeeProposal:
    found = fees.of(appointment)
    assert found is not None
    return found


def in_the_room(appointment, person, event="joined"):
    room = db.session.query(Room).filter_by(appointment_id=appointment.id).one()
    number = len(room.events) + 1
    at = appointment.starts_at + timedelta(minutes=2)
    room.events.append(RoomEvent(person_id=person.id, event=event, at=at, server="s", number=number, received_at=at))
    db.session.flush()


def refunded() -> list[int]:
    return [refund.amount_cents for refund in db.session.query(Refund).order_by(Refund.id)]


def test_cancelling_late_only_proposes_and_charging_gives_the_rest_back(paid, alice, ines):
    services.cancel(paid, by=alice, now=LATE)
    fee = proposed(paid)
    assert (fee.status, fee.kind, fee.amount) == ("proposed", "late_cancel", Money(6000, "USD"))
    assert refunded() == []
    for _ in range(2):
        fees.charge(fee, by=ines, now=LATE)
    assert (fee.status, refunded()) == ("charged", [6000])


def test_a_waived_fee_needs_a_reason_and_gives_everything_back(paid, alice, as_, ines):
    services.cancel(paid, by=alice, now=LATE)
    db.session.commit()
    browser, path = as_(ines), f"/fees/{proposed(paid).id}/waiver"
    assert "$60.00" in browser.get("/fees").text
    assert browser.post(path, data={"reason": ""}).status_code == 422
    assert browser.post(path, data={"reason": "The first time"}).location == "/fees"
    assert refunded() == [12000]
    assert "The first time" in browser.get("/fees").text
    assert "already been decided" in browser.post(f"/fees/{proposed(paid).id}/charge", follow_redirects=True).text
    assert as_(alice).get("/fees").status_code == 404


def test_cancelling_in_time_proposes_nothing(paid, alice):
    services.cancel(paid, by=alice, now=NOW)
    assert fees.of(paid) is None
    assert refunded() == [12000]


def test_a_missed_session_is_charged_by_the_terms_of_its_booking(paid, ines, omar):
    fees.set_rules(WHOLE_PRICE, WHOLE_PRICE, by=omar)
    in_the_room(paid, ines)
    services.mark_attended(paid, attended=False, by=ines, now=AFTER)
    assert proposed(paid).amount == Money(4000, "USD")
    fees.charge(proposed(paid), by=omar, now=AFTER)
    assert refunded() == [8000]


def test_a_client_who_came_after_all_owes_no_fee(paid, ines):
    in_the_room(paid, ines)
    services.mark_attended(paid, attended=False, by=ines, now=AFTER)
    services.mark_attended(paid, attended=True, by=ines, now=AFTER)
    assert (proposed(paid).status, refunded()) == ("withdrawn", [])


@pytest.mark.parametrize(("who", "event"), [("alice", "waiting"), ("alice", "dropped"), (None, "")])
def test_no_fee_is_proposed_when_the_technology_failed(paid, ines, alice, who, event, as_):
    if who:
        in_the_room(paid, ines)
        in_the_room(paid, alice, event)
    services.mark_attended(paid, attended=False, by=ines, now=AFTER)
    fee = proposed(paid)
    assert (fee.status, bool(fee.fault)) == ("barred", True)
    with pytest.raises(NotAllowedError, match="technology failed"):
        fees.charge(fee, by=ines, now=AFTER)
    db.session.commit()
    assert "No fee: the technology failed" in as_(ines).get("/fees").text
    fees.waive(fee, by=ines, reason="The connection failed", now=AFTER)
    assert refunded() == [12000]


def test_a_fee_on_an_unpaid_session_is_all_that_is_still_asked_for(ines, alice, omar, payments):
    fees.set_rules(Fee(PERCENT, 50), WHOLE_PRICE, by=omar)
    booked = a_booking(an_offer(ines), alice)
    services.cancel(booked, by=alice, now=LATE)
    with pytest.raises(money.CannotPayError):
        money.start(booked, now=LATE)
    fees.charge(proposed(booked), by=ines, now=LATE)
    assert an_open_payment(booked, payments, LATE).amount == Money(6000, "USD")
    kept = a_paid(booked, payments, LATE)
    assert (kept.fate, refunded()) == ("kept", [])
    billed = queries.of_appointment(booked)
    assert (billed.state, billed.due) == ("paid", Money(0, "USD"))
    assert accounts() == {"clearing": 6000, "income": -6000}


@pytest.mark.parametrize("billed", [True, False])
def test_a_fee_is_a_share_of_what_the_session_cost_after_a_code(ines, alice, omar, billed):
    fees.set_rules(Fee(PERCENT, 50), WHOLE_PRICE, by=omar)
    code = Voucher(code="WELCOME", percent=25, currency="USD", made_at=NOW, made_by_id=omar.id)
    db.session.add(code)
    held = a_hold(an_offer(ines), alice)
    steps = [lambda: services.confirm(held, now=NOW), lambda: redeem(held, "WELCOME", by=alice, now=NOW)]
    for step in steps if billed else reversed(steps):
        step()
    services.cancel(held, by=alice, now=LATE)
    assert proposed(held).amount == Money(4500, "USD")
    fees.charge(proposed(held), by=ines, now=LATE)
    assert queries.of_appointment(held).due == Money(4500, "USD")


def test_terms_that_ask_for_nothing_give_a_late_cancellation_back(ines, alice, omar, payments):
    fees.set_rules(Fee(NONE, 0), WHOLE_PRICE, by=omar)
    paid = a_paid(a_hold(an_offer(ines), alice), payments).appointment
    services.cancel(paid, by=alice, now=LATE)
    assert (fees.of(paid), refunded()) == (None, [12000])


def test_an_administrator_sets_the_rules_in_words(as_, omar, ines):
    browser = as_(omar)
    assert "Missing a session costs the price of the session." in browser.get("/fees/rules").text
    form = {"late_basis": "percent", "late_percent": "140", "missed_basis": "amount", "missed_amount": "x"}
    refused = browser.post("/fees/rules", data=form)
    assert refused.status_code == 422
    assert 'value="140"' in refused.text
    form |= {"late_percent": "50", "missed_amount": "40"}
    assert browser.post("/fees/rules", data=form).location == "/fees/rules"
    assert "Missing a session costs $40.00" in browser.get("/fees/rules").text
    assert as_(ines).get("/fees/rules").status_code == 404


def test_a_missed_session_that_costs_nothing_is_given_back_after_a_day_for_slips(ines, alice, omar, payments):
    fees.set_rules(WHOLE_PRICE, Fee(NONE, 0), by=omar)
    paid = a_paid(a_hold(an_offer(ines), alice), payments).appointment
    services.mark_attended(paid, attended=False, by=ines, now=AFTER)
    give_back(AFTER + timedelta(hours=23))
    assert refunded() == []
    for hours in (24, 25):
        give_back(AFTER + timedelta(hours=hours))
    assert (proposed(paid).status, proposed(paid).amount.cents, refunded()) == ("waived", 0, [12000])


def test_an_unpaid_missed_session_that_costs_nothing_is_no_longer_asked_for(ines, alice, omar):
    fees.set_rules(WHOLE_PRICE, Fee(NONE, 0), by=omar)
    booked = a_booking(an_offer(ines), alice)
    services.mark_attended(booked, attended=False, by=ines, now=AFTER)
    give_back(AFTER + timedelta(days=1))
    assert queries.of_appointment(booked).due == Money(0, "USD")


def test_what_the_technology_spoiled_is_given_back_even_when_nobody_decides(paid, ines):
    services.mark_attended(paid, attended=False, by=ines, now=AFTER)
    assert proposed(paid).status == "barred"
    give_back(AFTER + timedelta(days=1))
    assert (proposed(paid).status, refunded()) == ("waived", [12000])
    assert proposed(paid).reason.startswith("The technology failed.")


def test_what_a_client_agreed_to_is_charged_after_a_day_unless_waived(ines, alice, omar, payments):
    fees.set_rules(Fee(PERCENT, 50), WHOLE_PRICE, automatic=True, by=omar)
    service = an_offer(ines)
    first, second = (
        a_paid(a_hold(service, alice, at), payments).appointment
        for at in (WEDNESDAY_AT_TEN, WEDNESDAY_AT_TEN + timedelta(hours=3))
    )
    assert "charged a day later, unless" in first.accepted_policy.words
    for each in (first, second):
        services.cancel(each, by=alice, now=LATE)
    fees.waive(proposed(second), by=ines, reason="Illness", now=LATE)
    charge_fees(LATE + timedelta(hours=23))
    assert proposed(first).status == "proposed"
    for _ in range(2):
        charge_fees(LATE + timedelta(hours=24))
    assert [proposed(each).status for each in (first, second)] == ["charged", "waived"]
    assert refunded() == [12000, 6000]


def test_nothing_is_charged_by_itself_that_was_accepted_otherwise_or_when_the_technology_failed(
    paid, ines, alice, omar
):
    fees.set_rules(Fee(PERCENT, 50), WHOLE_PRICE, automatic=True, by=omar)
    in_the_room(paid, ines)
    services.mark_attended(paid, attended=False, by=ines, now=AFTER)
    charge_fees(AFTER + timedelta(days=2))
    assert proposed(paid).status == "proposed"
    in_the_room(paid, alice, "dropped")
    fees.charge_by_rule(proposed(paid), AFTER)
    assert (proposed(paid).status, refunded()) == ("barred", [])


def test_who_never_accepted_terms_owes_no_fee_and_who_did_owes_by_those(ines, alice, ben, omar):
    fees.set_rules(Fee(AMOUNT, 4000), WHOLE_PRICE, by=omar)
    a_booking(an_offer(ines), alice, now=NOW)
    fees.set_rules(WHOLE_PRICE, WHOLE_PRICE, by=omar)
    later = WEDNESDAY_AT_TEN + timedelta(days=7)
    entered = [an_appointment(ines, client, later + timedelta(hours=each)) for each, client in enumerate((alice, ben))]
    assert [policies.late_fee_of(each).cents for each in entered] == [4000, 0]
