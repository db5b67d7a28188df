"""Statements: opening, what changed, closing; each begins where the one before ended."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from billing import invoicing, refunding
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.papers.statements import Days, statements
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.money import Money
from tests.billing.builders import a_paid, send_refunds
from tests.booking.builders import an_appointment, audited
from tests.fakes import MONDAY_MORNING as NOW

NOVEMBER = Days(date(2026, 11, 1), date(2026, 11, 30))
TODAY = date(2026, 11, 23)


@pytest.fixture
def refunded(held, payments):
    """Alice paid $120 today, and $40 went back."""
    payment = a_paid(held, payments)
    refunding.request(payment, Money(40_00, "USD"), reason="technical", now=NOW)
    db.session.commit()
    send_refunds()
    return payment


def test_a_statement_runs_from_what_was_owed_to_what_is_owed(refunded, alice):
    (statement,) = statements(alice, NOVEMBER)
    assert (statement.opening, statement.closing) == (Money.zero("USD"), Money.zero("USD"))
    assert (statement.added, statement.taken) == (Money(160_00, "USD"), Money(-160_00, "USD"))
    assert [line.balance.cents for line in statement.lines] == [120_00, 0, -40_00, 0]


def test_a_later_statement_begins_where_the_earlier_ended(service, alice):
    invoicing.issue(an_appointment(service.counselor, alice), now=NOW)
    db.session.commit()
    (until,) = statements(alice, Days(date(2026, 11, 1), TODAY))
    (after,) = statements(alice, Days(date(2026, 11, 24), date(2026, 11, 30)))
    assert until.closing == after.opening == after.closing == Money(120_00, "USD")
    assert list(after.lines) == []


def test_credit_the_practice_holds_is_said_beside_it(as_, alice):
    whose = Whose(alice.id)
    books.post(posting(Kind.CREDIT_GIVEN, "first", Money(50_00, "USD"), whose), now=NOW)
    db.session.commit()
    (statement,) = statements(alice, NOVEMBER)
    assert (statement.held_before, statement.held_after) == (Money.zero("USD"), Money(50_00, "USD"))
    assert statement.opening == statement.closing == Money.zero("USD")
    assert "$0.00 before, $50.00 after" in as_(alice).get("/billing/statement").text


def test_days_are_the_clients_own(refunded, alice):
    alice.zone = "Pacific/Auckland"  # where nine in the morning in UTC is already the evening
    (statement,) = statements(alice, Days(date(2026, 11, 23), date(2026, 11, 23)))
    assert len(statement.lines) == 4
    alice.zone = "Pacific/Honolulu"  # where it is still Sunday
    (statement,) = statements(alice, Days(date(2026, 11, 23), date(2026, 11, 23)))
    assert list(statement.lines) == []
    assert statement.opening == statement.closing


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({}, NOVEMBER),
        ({"first": "2026-01-01", "last": "2026-12-31"}, Days(date(2026, 1, 1), date(2026, 12, 31))),
        ({"first": "2026-02-01", "last": "2026-01-31"}, "The last day is before the first one."),
        ({"first": "2026-02-01"}, "Choose a day."),
        ({"first": "1026-02-01", "last": "2026-01-31"}, "Enter a day like 2026-11-24."),
    ],
)
def test_the_days_are_read_or_what_is_wrong_is_said(data, found):
    read = Days.parse(MultiDict(data), today=TODAY)
    assert (list(read.messages.values()) if isinstance(read, Errors) else read) == (
        [found] if isinstance(found, str) else found
    )


def test_the_client_and_the_administrator_read_it_on_page_and_paper(as_, refunded, alice, omar, printer):
    own, office = as_(alice), as_(omar)
    for page in (own.get("/billing/statement").text, office.get(f"/people/{alice.id}/statement").text):
        for words in ("$160.00", "−$160.00", "INV-00001", "The technology failed", "Nothing"):
            assert words in page
    for browser, address in ((own, "/billing/statement.pdf"), (office, f"/people/{alice.id}/statement.pdf")):
        assert browser.get(address).mimetype == "application/pdf"
        assert "Owed before" in printer.printed[-1]
        assert "Alice Moreau" in printer.printed[-1]
    assert [deed for deed in audited() if "statement" in deed] == ["statement.viewed", "statement.exported"]


def test_nobody_else_reads_it(as_, client, alice, ines, omar):
    addresses = ["/billing/statement", "/billing/statement.pdf"]
    addresses += [f"/people/{alice.id}/statement", f"/people/{alice.id}/statement.pdf"]
    for address in addresses:
        assert as_(ines).get(address).status_code == 404
        assert client.get(address).status_code == 303
    assert as_(omar).get(f"/people/{ines.id}/statement").status_code == 404
    assert as_(alice).get(f"/people/{alice.id}/statement").status_code == 404


def test_days_that_make_no_sense_are_said_and_kept(as_, alice):
    for address in ("/billing/statement", "/billing/statement.pdf"):
        answer = as_(alice).get(f"{address}?first=2026-02-01&last=2026-01-31")
        assert answer.status_code == 422
        assert "The last day is before the first one." in answer.text
        assert 'value="2026-02-01"' in answer.text
