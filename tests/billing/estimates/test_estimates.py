"""Estimates are given when sessions are booked or somebody asks, cover what they say, and warn in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from billing import invoicing
from billing.estimates import jobs, queries
from billing.estimates import letters as written
from billing.estimates.document import Document, Item
from billing.estimates.models import Estimate
from billing.estimates.rules import Level
from billing.parties import services as parties
from billing.parties.particulars import PracticeParticulars
from practice.core import outbox
from practice.core.db import db
from practice.core.money import Money
from practice.queries.people import the_practice
from tests.billing.papers.scenes import told
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, audited
from tests.fakes import MONDAY_MORNING as NOW


def estimates() -> list[Estimate]:
    return db.session.query(Estimate).order_by(Estimate.number).all()


def letters(kind: str) -> list[outbox.OutboxMessage]:
    return db.session.query(outbox.OutboxMessage).filter_by(kind=kind).all()


@pytest.fixture
def booked(service, alice):
    return a_booking(service, alice)


def given(now=NOW) -> list[Estimate]:
    """Let the scheduler look once, a moment after the booking."""
    jobs.give_estimates(now + timedelta(minutes=5))
    return estimates()


def test_booking_gives_an_estimate_once(booked, alice):
    (row,) = given()
    assert given() == [row]
    assert (row.total, row.cause, row.due_on) == (Money(120_00, "USD"), "scheduled", NOW.date())
    assert [letter.recipient_id for letter in letters("billing.estimate_given")] == [alice.id]
    (item,) = Document.kept(row.said).items
    assert (item.what, item.minutes, item.count, item.unit_cents) == ("Individual session", 50, 1, 120_00)
    assert audited()[-1] == "estimate.given"


def test_what_an_estimate_does_not_cover_gets_a_new_one(booked, service, alice):
    given()
    later = a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(days=7), NOW + timedelta(hours=1))
    assert later.price == Money(120_00, "USD")
    first, second = given(NOW + timedelta(hours=1))
    assert (second.total, second.cause) == (Money(240_00, "USD"), "changed")
    assert first.replaced_at is not None
    assert queries.standing(alice, service.counselor, NOW.date()) == second


def test_what_an_estimate_covers_needs_no_other(as_, booked, service, alice):
    browser = as_(alice)
    answer = browser.post("/billing/estimates", data={"service": service.id, "count": "48"})
    (row,) = estimates()
    assert answer.location.endswith(f"/estimates/{row.id}")
    assert (row.total, row.cause) == (Money(48 * 120_00, "USD"), "asked")
    assert row.due_on == NOW.date() + timedelta(days=4)  # three business days, over Thanksgiving
    a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(days=7), NOW + timedelta(hours=1))
    assert given(NOW + timedelta(hours=1)) == [row]


def test_where_the_law_is_another_booking_gives_none(booked, omar):
    the_practice().country = "DE"
    assert given() == []
    the_practice().country = "US"
    parties.keep(None, PracticeParticulars(estimates="no"), by=omar, now=NOW)
    assert given() == []


def test_what_costs_nothing_or_is_over_needs_none(ines, alice, service):
    a_booking(a_service(ines, price_cents=0, name="First talk"), alice)
    a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(days=1))
    jobs.give_estimates(NOW + timedelta(days=9))
    assert estimates() == []


def test_all_three_are_warned_once_before_a_bill_may_be_disputed(as_, booked, service, alice, ines, omar):
    (row,) = given()
    parties.keep(None, PracticeParticulars(estimates="no"), by=omar, now=NOW)  # so that none takes its place
    for week in (1, 2, 3):
        a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(weeks=week))
    jobs.warn_of_exceeding(NOW)
    assert letters("billing.estimate_warned") == []  # $360 above
    assert "about to be exceeded" not in as_(alice).get("/billing").text
    service.price_cents = 40_00
    db.session.commit()
    a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(weeks=4))
    for _ in range(2):
        jobs.warn_of_exceeding(NOW)
    assert queries.meter_of(row).expected == Money(520_00, "USD")
    warned = [letter.recipient_id for letter in letters("billing.estimate_warned")]
    assert warned == [alice.id, ines.id, omar.id]
    assert "come to $520.00; the estimate says $120.00" in " ".join(as_(alice).get("/billing").text.split())
    assert "$520.00 with what is booked, $120.00 estimated" in as_(ines).get("/today").text
    office = as_(omar)
    assert "will come to $520.00" in office.get("/estimates").text
    assert "estimate is about to be exceeded" in office.get("/day").text


def test_the_meter_counts_what_is_billed_and_not_what_was_credited(booked, service, alice):
    (row,) = given()
    assert queries.meter_of(row).billed == Money(120_00, "USD")
    invoicing.reduce(booked, to=Money.zero("USD"), now=NOW)
    assert queries.meter_of(row).billed == Money(0, "USD")
    assert queries.meter_of(row).level is Level.WITHIN


LAW = {
    "(i) whom it is for": ("Alice Moreau", "17 Apr 1990"),
    "(ii) what is primary, and the day it is scheduled": ("Individual session", "25 November 2026"),
    "(iii) items by provider": ("Ines Calder, LMHC", "50 minutes"),
    "(iv) diagnosis, service codes and charges": ("None is known yet", "90834", "$120.00"),
    "(v) NPI, tax number, state and place": (
        *(
            "1234567893",
            "123456789",
            "LMHC NY-004417 (New York)",
            "400 Quay Road, New York, NY 10001-2200, or by video",
        ),
    ),
    "(vi) what is scheduled apart, and how to get an estimate of it": ("no care elsewhere", "for an estimate of it"),
    "(vii) more may be recommended": ("Other care may be recommended", "not in this estimate"),
    "(viii) charges may differ": ("only an estimate", "may be different"),
    "(ix) the right to dispute, and how": (
        *(
            "at least $400 more",
            "right to dispute",
            "www.cms.gov/nosurprises",
            "does not change the quality of your care",
        ),
    ),
    "(x) no contract": ("This estimate is not a contract",),
    "(b)(1)(x) how far it reaches": ("23 Nov 2026", "23 Nov 2027"),
}
"""What 45 CFR 149.610(c)(1) and (b)(1)(x) want on an estimate, and where it is seen."""


def test_it_says_what_the_law_wants_said(as_, booked, alice, ines, printer):
    told(alice, ines, ines)
    (row,) = given()
    browser = as_(alice)
    page = " ".join(browser.get(f"/estimates/{row.id}").text.split())
    assert browser.get(f"/estimates/{row.id}.pdf").mimetype == "application/pdf"
    paper = " ".join(printer.printed[-1].split())
    for item, words in LAW.items():
        for each in words:
            assert each in paper, (item, each)
            assert each in page.replace("Not known yet", "None is known yet"), (item, each)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item("x", 50, "", 1, 1, "2026-11-25", "2026-11-25"), "on 25 November 2026"),
        (Item("x", 50, "", 3, 1, "2026-11-04", "2026-11-18"), "about once a week, 4 November 2026 to 18 November 2026"),
        (Item("x", 50, "", 48, 1), "about once a week, within twelve months"),
        (Item("x", 50, "", 24, 1), "about every two weeks, within twelve months"),
        (Item("x", 50, "", 104, 1), "about twice a week, within twelve months"),
        (Item("x", 50, "", 6, 1), "about once a month or less, within twelve months"),
        (Item("x", 50, "", 1, 1), ""),
    ],
)
def test_it_says_how_often(item, words):
    assert item.scope == words


def test_what_the_law_wants_and_nobody_said_is_named_to_the_office(as_, booked, omar):
    (row,) = given()
    page = as_(omar).get(f"/estimates/{row.id}").text
    assert "The client’s date of birth, the counselor’s npi, a tax number" in page


def test_who_may_read_it_and_every_look_is_on_record(as_, client, booked, alice, ben, ines, clara, omar):
    (row,) = given()
    db.session.commit()
    for address in (f"/estimates/{row.id}", f"/estimates/{row.id}.pdf"):
        for person in (alice, ines, omar):
            assert as_(person).get(address).status_code == 200
        for person in (ben, clara):
            assert as_(person).get(address).status_code == 404
        assert client.get(address).status_code == 303
    assert audited().count("estimate.viewed") == audited().count("estimate.exported") == 2


def test_the_office_gives_one_by_hand(as_, service, alice, omar, ines):
    office, address = as_(omar), f"/people/{alice.id}/estimates"
    assert "Individual session with Ines Calder, $120.00" in office.get(address).text
    wrong = office.post(address, data={"service": "", "count": "500"})
    assert wrong.status_code == 422
    assert "Choose the kind of session." in wrong.text
    assert 'value="500"' in wrong.text
    assert office.post(address, data={"service": service.id, "count": "12"}).status_code == 303
    (row,) = estimates()
    assert (row.total, row.given_by_id) == (Money(12 * 120_00, "USD"), omar.id)
    assert "GFE-00001" in office.get("/estimates").text
    for person in (alice, ines):
        assert as_(person).get(address).status_code == 404
        assert as_(person).post(address, data={"service": service.id, "count": "12"}).status_code == 404


def test_it_stays_as_it_was_given(booked):
    given()
    with pytest.raises(DatabaseError, match="estimates_stay_as_given"):
        db.session.execute(update(Estimate).values(total_cents=1))
    db.session.rollback()


def test_letters_are_neutral_and_lead_there(booked, alice, omar):
    (row,) = given()
    kinds = (("billing.estimate_given", alice), ("billing.estimate_warned", omar), ("billing.estimate_warned", alice))
    for kind, person in kinds:
        payload = {"estimate_id": row.id, "person_id": person.id}
        message = outbox.OutboxMessage(kind=kind, payload=payload)
        mail = (written.given if "given" in kind else written.warned)(message, NOW)
        assert mail is not None
        assert mail.to == person.email
        assert f"/estimates/{row.id}" in mail.text
        assert "session" not in mail.text + mail.subject
    row.replaced_at = NOW
    assert written.given(outbox.OutboxMessage(payload={"estimate_id": row.id}), NOW) is None
