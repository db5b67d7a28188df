"""Billing details: said by whoever they are about, sealed, and never in the log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from billing.parties import services
from billing.parties.particulars import ClientParticulars
from practice.core.audit import AuditEntry
from practice.core.db import db
from tests.billing.papers.scenes import ALICE, INES, OFFICE
from tests.booking.builders import audited


def test_a_client_says_who_they_are(as_, alice, ines):
    browser = as_(alice)
    assert 'value="Moreau"' in browser.get("/billing/details").text
    assert browser.post("/billing/details", data=ALICE.as_kept()).status_code == 303
    assert services.of_client(alice) == ALICE
    assert browser.post("/billing/details", data=ALICE.as_kept()).status_code == 303  # nothing was different
    assert audited().count("billing_details.changed") == 1
    (entry,) = db.session.query(AuditEntry).filter_by(action="billing_details.changed")
    assert entry.about_id == alice.id
    assert "Alder" not in str(entry.detail)
    assert "street" in entry.detail["fields"]
    kept = db.session.execute(text("SELECT said FROM billing_parties")).scalar_one()
    assert b"Alder" not in bytes(kept)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("born_on", "2030-01-01", "Enter a date of birth"),
        ("postal", "1001", "Enter a ZIP code like 10011"),
        ("state", "ZZ", "Choose a state from the list."),
        ("phone", "12345", "ten digits"),
        ("sex", "?", "Choose one."),
        ("relation", "?", "Choose one."),
        ("holder_last_name", "Moreau", "Say whose policy it is"),
        ("second_member_id", "N1", "Name the second insurer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(as_, alice, field, typed, words):
    answer = as_(alice).post("/billing/details", data=replace(ALICE, **{field: typed}).as_kept())
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="12 Alder Street"' in answer.text
    assert services.of_client(alice) == ClientParticulars()


def test_a_policy_may_be_somebody_elses_and_a_second_one_may_pay_the_rest(as_, alice):
    said = replace(
        ALICE,
        relation="child",
        holder_first_name="Josephine",
        holder_last_name="Moreau",
        holder_born_on="1960-02-29",
        second_insurer="Northlight",
        second_member_id="NL-77",
    )
    browser = as_(alice)
    assert browser.post("/billing/details", data=said.as_kept()).status_code == 303
    assert services.of_client(alice) == said
    assert said.insured.address == ALICE.address  # nobody said that they live elsewhere
    assert said.second_holder == ("Alice", "Moreau")
    page = browser.get("/billing/details").text
    assert 'value="Josephine"' in page
    assert 'value="Northlight"' in page


def test_a_counselor_and_the_practice_say_who_they_are(as_, ines, omar):
    assert 'href="/profile/billing"' in as_(ines).get("/profile").text
    for person, address, words in ((ines, "/profile/billing", INES), (omar, "/settings/billing", OFFICE)):
        browser = as_(person)
        assert browser.get(address).status_code == 200
        data = {**words.as_kept(), **({"estimates": "1"} if person is omar else {})}
        assert browser.post(address, data=data).status_code == 303
        wrong = browser.post(address, data={**data, "taxonomy": "x", "tax_id": "12"})
        assert "A tax number has nine digits." in wrong.text
        assert "A taxonomy code looks like" in wrong.text
    assert services.of_counselor(ines) == INES
    assert services.of_practice() == OFFICE


def test_the_office_keeps_what_a_client_told_it(as_, alice, ines, omar):
    address = f"/people/{alice.id}/billing-details"
    assert as_(omar).post(address, data=ALICE.as_kept()).status_code == 303
    assert "HH123456789" in as_(omar).get(address).text
    assert "billing_details.viewed" in audited()
    for person in (alice, ines):
        assert as_(person).get(address).status_code == 404
    assert as_(omar).get(f"/people/{ines.id}/billing-details").status_code == 404
