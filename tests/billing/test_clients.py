"""The office's clients: what each owes and what is held for them, found by name."""

from __future__ import annotations

import pytest

from billing import invoicing
from practice.core.db import db
from practice.models import BILLER, Person
from tests.billing.by_hand import dollars, paid_by_hand
from tests.booking.builders import an_appointment
from tests.builders import a_person
from tests.fakes import MONDAY_MORNING as NOW


@pytest.fixture
def rosa(app: object) -> Person:
    """The biller."""
    return a_person("Rosa Bellini", BILLER)


def test_the_list_says_what_each_client_owes_and_finds_them_by_any_word(as_, ines, alice, ben, rosa):
    invoicing.issue(an_appointment(ines, alice), now=NOW)
    paid_by_hand(ben, dollars(35), by=rosa)
    db.session.commit()
    browser = as_(rosa)
    page = browser.get("/accounts").text
    assert page.index("$120.00") < page.index("Ben Okafor") < page.index("$35.00")
    assert "Ines Calder" not in page
    assert "Ben Okafor" not in browser.get("/accounts?text=moreau+ali").text
    assert "No client matches" in browser.get("/accounts?text=%25").text
    for odd in ("0", "-1", "99", "x"):
        assert "Ben Okafor" in browser.get(f"/accounts?page={odd}").text


def test_one_page_holds_a_clients_money_and_leads_administrators_to_the_account(as_, ines, alice, rosa, omar):
    invoice = invoicing.issue(an_appointment(ines, alice), now=NOW)
    db.session.commit()
    address = f"/people/{alice.id}/money"
    for office in (rosa, omar):
        page = as_(office).get(address).text
        assert invoice.label in page
        assert str(dollars(120)) in page
        assert (f'href="/people/{alice.id}"' in page) == (office is omar)
        assert (f'href="/people/{alice.id}/price"' in page) == (office is omar)
    assert as_(rosa).get(f"/people/{ines.id}/money").status_code == 404
    assert as_(rosa).get(f"/people/{alice.id}").status_code == 404


def test_somebody_with_no_invoice_has_an_honest_page(as_, alice, rosa):
    assert "Nothing is billed yet" in as_(rosa).get(f"/people/{alice.id}/money").text
