"""The administrator's ledger: every figure opens to its entries, and nobody else opens it."""

from __future__ import annotations

import csv
import io
import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from billing import adjusting, invoicing, refunding
from billing.ledger.posting import Kind, Whose, posting
from billing.ledger.words import ACCOUNTS, KINDS
from billing.models import LedgerTransaction, Payment
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, send_refunds
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

HALF = Money(60_00, "USD")


@pytest.fixture
def payment(ines, alice, ben, omar, payments) -> Payment:
    """Alice paid and got half back; Ben was billed, and half of it is written off."""
    paid = a_paid(a_hold(an_offer(ines), alice), payments)
    refunding.request(paid, HALF, reason="goodwill", now=NOW, by=omar, note="A kind word")
    db.session.commit()
    send_refunds()
    unpaid = invoicing.issue(an_appointment(ines, ben, WEDNESDAY_AT_TEN.replace(hour=20)), now=NOW)
    adjusting.adjust(
        unpaid, HALF, reason="uncollectable", seen=unpaid.total, by=omar, form_key=uuid4().hex, now=NOW, note="Moved on"
    )
    db.session.commit()
    return paid


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_every_kind_and_account_has_a_name():
    for kind in Kind:
        assert KINDS[kind]
        assert {entry.account for entry in posting(kind, "r", HALF, Whose(1)).entries} <= set(ACCOUNTS)


def test_the_ledger_says_what_every_account_comes_to(as_, payment, omar):
    page = as_(omar).get("/ledger").text
    for label, amount in (
        ("Owed by clients", "$60.00"),
        ("At the card company", "$60.00"),
        ("Earned", "$180.00"),
        ("Written off", "$60.00"),
    ):
        assert re.search(rf"{label}</span>\s*<span class=\"stat-value\">{re.escape(amount)}<", page)
    assert "Debits and credits agree" in page


def test_a_figure_opens_to_entries_that_add_up_to_it(as_, payment, omar):
    office = as_(omar)
    lines = rows(office.get("/ledger.csv?account=clearing"))
    own = [line for line in lines if line["Account"] == "At the card company"]
    assert sum(float(line["Debit"] or 0) - float(line["Credit"] or 0) for line in own) == 60
    page = office.get("/ledger?account=clearing").text
    assert page.count('data-label="Posting"') == 2
    assert "−$60.00" in page


def test_the_list_is_narrowed_by_person_invoice_kind_account_and_day(as_, payment, omar):
    office = as_(omar)
    for narrowed, count in (
        ("text=alice", 4),
        ("text=INV-00002", 2),
        ("text=nobody", 0),
        ("kind=write_off", 1),
        ("kind=nonsense", 6),
        ("account=written_off", 1),
        ("since=2026-11-23&until=2026-11-23", 6),
        ("until=2026-11-20", 0),
        ("text=100%25", 0),
    ):
        page = office.get(f"/ledger?{narrowed}").text
        assert page.count('data-label="Posting"') == count, narrowed
        assert ("No posting matches" in page) is (count == 0), narrowed


def test_a_posting_says_who_did_it_why_and_what_it_stands_on(as_, payment, omar):
    office = as_(omar)
    numbers = dict(db.session.execute(select(LedgerTransaction.kind, LedgerTransaction.id)).all())
    db.session.commit()
    told = {
        "refund": ("A kind word", "Open the payment"),
        "write_off": ("It will not be paid", "Moved on", "INV-00002"),
    }
    for kind, words in told.items():
        page = office.get(f"/ledger/{numbers[kind]}").text
        for word in (*words, "Omar Haddad"):
            assert word in page
    assert office.get("/ledger/9999").status_code == 404


def test_the_ledger_downloads_as_debits_and_credits_that_agree(as_, payment, omar):
    lines = rows(as_(omar).get("/ledger.csv"))
    assert len(lines) == 12
    assert sum(float(line["Debit"] or 0) for line in lines) == sum(float(line["Credit"] or 0) for line in lines)
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "ledger.exported")).all()


def test_nobody_but_administrators_opens_the_ledger(as_, client, payment, alice, ines, clara):
    db.session.commit()
    for address in ("/ledger", "/ledger.csv", "/ledger/1"):
        for person in (alice, ines, clara):
            assert as_(person).get(address).status_code == 404
        assert client.get(address).status_code == 303


def test_an_empty_ledger_says_what_will_stand_here(as_, omar):
    db.session.commit()
    assert "Nothing is booked yet" in as_(omar).get("/ledger").text
