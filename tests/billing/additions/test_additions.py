"""Additions to a session cost what their counselor says, and what is claimed of a session is what was billed for it."""

from __future__ import annotations

import pytest

from billing import queries
from billing.additions import services
from billing.additions.letters import charged
from billing.additions.services import AdditionPaidError
from billing.coding.confirmed import Codes
from billing.coding.rules import Line
from billing.estimates import queries as estimates
from billing.estimates import services as giving
from billing.models import Invoice
from billing.papers import superbills
from billing.papers.superbill import Document
from practice.core.db import db
from practice.core.money import Money
from practice.core.outbox import OutboxMessage
from practice.queries.people import the_practice
from tests.billing.by_hand import paid_by_hand
from tests.billing.papers.scenes import NOVEMBER, a_past_session, a_superbill, coded, told
from tests.booking.builders import audited
from tests.fakes import MONDAY_MORNING as NOW

FORM = {"code": "90839", "minutes": "110", "modifier": "95", "place": "10", "diagnoses": "F41.1"}
CRISIS = Codes((Line("90839"), Line("90840", 2), Line("90785")), "95", "10", ("F41.1",), 130)


def usd(whole: int) -> Money:
    return Money(whole * 100, "USD")


@pytest.fixture
def session(service, ines, alice):
    told(alice, ines, ines)
    services.keep_fees(ines, {"90840": usd(60), "90785": usd(15)})
    return a_past_session(ines, alice)


def added(appointment) -> list[Invoice]:
    return list(services.invoices_of(appointment))


def test_a_counselor_says_what_additions_cost(as_, ines):
    browser = as_(ines)
    assert 'href="/coding/fees"' in browser.get("/coding").text
    assert browser.post("/coding/fees", data={"fee_90840": "60", "fee_90785": ""}).status_code == 303
    assert services.fees_of(ines) == {"90840": usd(60)}
    assert 'value="60.00"' in browser.get("/coding/fees").text
    assert browser.post("/coding/fees", data={"fee_90840": "lots"}).status_code == 422
    browser.post("/coding/fees", data={"fee_90785": "15"})
    assert services.fees_of(ines) == {"90785": usd(15)}
    assert audited().count("addition_fees.changed") == 2


def test_what_is_confirmed_is_billed_and_told_in_neutral_words(as_, session, ines, alice):
    browser = as_(ines)
    assert "$60.00 each" in browser.get(f"/coding/{session.id}").text
    data = {**FORM, "further": "2", "bill_additions": "1"}
    for _ in range(2):  # confirmed again nothing is billed twice
        assert browser.post(f"/coding/{session.id}", data=data).status_code == 303
    (invoice,) = added(session)
    page = as_(alice).get(f"/invoices/{invoice.id}").text
    assert "Session of 19 November 2026: a further half hour, 2 × $60.00" in page
    assert "$120.00" in page
    assert "risis" not in page.split("<main")[1].split("</main")[0]
    assert [letter.recipient_id for letter in db.session.query(OutboxMessage).filter_by(kind=services.CHARGED)] == [
        alice.id
    ]
    assert audited().count("addition.billed") == 1


def test_an_addition_may_stay_unbilled(as_, session, ines):
    assert as_(ines).post(f"/coding/{session.id}", data={**FORM, "further": "2"}).status_code == 303
    assert added(session) == []


def test_what_is_claimed_is_what_was_billed(session, ines, alice, omar):
    coded(session, CRISIS)
    (invoice,) = added(session)
    assert invoice.total == usd(135)
    paid_by_hand(alice, usd(50), omar, {invoice.id: usd(50)})
    found = Document.kept(a_superbill(alice, ines).said)
    assert [(item.code, item.units, item.fee_cents, item.paid_cents) for item in found.items] == [
        ("90839", 1, 120_00, 0),
        ("90840", 2, 120_00, 50_00),
        ("90785", 1, 15_00, 0),
    ]
    asked = [queries.billed_on(each) for each in db.session.query(Invoice)]
    assert found.fee == sum((each.invoice.total - each.credited for each in asked), usd(0))
    assert found.paid == sum((each.held for each in asked), usd(0))


def test_codes_that_change_are_billed_anew_unless_paid(session, ines, alice, omar):
    coded(session, CRISIS)
    coded(session, Codes((Line("90839"), Line("90840")), "95", "10", ("F41.1",), 80))
    first, second = added(session)
    assert (queries.billed_on(first).due, queries.billed_on(second).due) == (usd(0), usd(60))
    assert services.asked_and_paid(session) == (usd(60), usd(0))
    paid_by_hand(alice, usd(60), omar, {second.id: usd(60)})
    with pytest.raises(AdditionPaidError, match=r"\$60.00 was paid for the additions on INV-"):
        coded(session, Codes((Line("90834"),), "95", "10", ("F41.1",), 50))
    db.session.rollback()
    assert services.asked_and_paid(session) == (usd(60), usd(60))


def test_the_form_says_what_to_do_about_a_paid_addition(as_, session, ines, alice, omar):
    coded(session, CRISIS)
    (invoice,) = added(session)
    paid_by_hand(alice, usd(135), omar, {invoice.id: usd(135)})
    answer = as_(ines).post(f"/coding/{session.id}", data={**FORM, "bill_additions": "1"})
    assert answer.status_code == 409
    assert "Ask the office to give it back first" in answer.text


def test_whoever_pays_less_for_the_session_pays_as_much_less_for_its_additions(session, ines):
    session.price_cents = 40_00
    assert services.unit_of(session, usd(60)) == usd(20)
    session.price_cents = 0
    assert services.unit_of(session, usd(60)) == usd(0)


def test_the_meter_of_an_estimate_counts_additions(session, service, ines, alice):
    row = giving.ask(alice, service, 1, practice=the_practice(), by=alice, now=session.starts_at)
    before = estimates.meter_of(row).billed
    coded(session, CRISIS)
    assert estimates.meter_of(row).billed - before == usd(135)


def test_a_superbills_desk_shows_the_whole_fee(as_, session, ines, alice):
    coded(session, CRISIS)
    page = as_(alice).get(f"/billing/superbills?counselor={ines.id}&first={NOVEMBER.first}&last={NOVEMBER.last}").text
    assert "$255.00" in page
    assert superbills.draft(alice, ines, NOVEMBER, the_practice()).document().fee == usd(255)


def test_no_letter_goes_out_once_nothing_is_asked(session):
    coded(session, CRISIS)
    coded(session, Codes((Line("90834"),), "95", "10", ("F41.1",), 50))
    letter = db.session.query(OutboxMessage).filter_by(kind=services.CHARGED).one()
    assert charged(letter, NOW) is None
