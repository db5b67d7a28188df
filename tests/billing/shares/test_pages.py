"""Administrators agree on shares and pay them with a preview; counselors see their own statements and nobody else's."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from billing import refunding
from billing.shares.models import SharePayment, ShareRule
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, send_refunds
from tests.billing.shares.scenes import an_agreement, owed
from tests.fakes import MONDAY_MORNING as NOW

RULE = {"kind": "percent", "percent": "62,5", "amount": "", "service": "", "from_on": "2026-01-01"}


@pytest.fixture
def paid(ines, omar, held, payments):
    an_agreement(ines, omar)
    return a_paid(held, payments)


def key_of(page):
    return page.split('name="key" value="')[1][:32]


def test_a_share_is_agreed_after_its_effect_was_shown(as_, omar, ines, held, payments):
    a_paid(held, payments)
    office, where = as_(omar), f"/shares/{ines.id}/rules/new"
    assert "Nothing agreed" in office.get("/shares").text
    assert "stays with the practice" in office.get(f"/shares/{ines.id}").text
    assert office.get(where).status_code == 200
    wrong = office.post(where, data=RULE | {"percent": "101"})
    assert wrong.status_code == 422
    assert "from 0 to 100" in wrong.text
    assert office.post(where, data={}).status_code == 422
    shown = office.post(where, data=RULE).text
    assert "One session paid already is reckoned anew: +$75.00" in shown
    assert db.session.query(ShareRule).count() == 0
    db.session.commit()
    office.post(where, data=RULE | {"step": "confirm"})
    assert owed(ines) == 75_00
    page = office.get(f"/shares/{ines.id}").text
    assert "62.5 %" in page
    assert "Pay $75.00" in page


def test_a_rule_is_withdrawn_after_its_effect_was_shown(as_, omar, ines, paid):
    [rule] = db.session.query(ShareRule)
    office, where = as_(omar), f"/shares/rules/{rule.id}"
    assert "−$72.00" in office.get(where).text
    office.post(where)
    assert owed(ines) == 0
    assert office.get(where).status_code == 404
    assert "Withdrawn" in office.get(f"/shares/{ines.id}").text


def test_what_is_owed_is_paid_by_hand_once_after_a_preview(as_, omar, ines, paid):
    office, where = as_(omar), f"/shares/{ines.id}/payment"
    page = office.get(where).text
    assert "Shares of November 2026" in page
    said = {"way": "bank", "seen": "72.00", "paid_on": "2026-11-23", "reference": "SEPA 4711", "key": key_of(page)}
    assert office.post(where, data=said | {"way": "transfer"}).status_code == 422  # there is no account
    assert office.post(where, data=said | {"paid_on": "2026-11-24"}).status_code == 422
    assert "it notes what was paid already" in office.post(where, data=said).text
    for _ in range(2):
        assert office.post(where, data=said | {"step": "confirm"}).status_code == 303
    assert owed(ines) == 0
    [made] = db.session.query(SharePayment)
    other = said | {"step": "confirm", "key": "0" * 32}
    db.session.commit()
    assert office.post(where, data=other).status_code == 409
    assert "Nothing is owed now" in office.get(where).text
    office.post(f"/shares/payments/{made.id}/undoing")
    assert owed(ines) == 72_00
    assert "Undone" in office.get(f"/shares/{ines.id}").text


def test_an_account_at_the_card_company_is_noted_and_forgotten(as_, omar, ines):
    office, where = as_(omar), f"/shares/{ines.id}/account"
    assert office.post(where, data={"account": "DE89 3704"}).status_code == 422
    office.post(where, data={"account": "acct_1Nv0FGQ9RKHgCVdK"})
    assert 'value="acct_1Nv0FGQ9RKHgCVdK"' in office.get(f"/shares/{ines.id}").text
    office.post(where, data={"account": ""})
    assert "acct_1Nv0" not in office.get(f"/shares/{ines.id}").text


def test_a_statement_says_every_session_and_stays_as_it_was_when_its_month_is_over(as_, omar, ines, alice, paid, clock):
    office, mine = as_(omar), as_(ines)
    before = office.get(f"/shares/{ines.id}/2026-11.csv").text
    for page in (office.get(f"/shares/{ines.id}/2026-11").text, mine.get("/my-shares/2026-11").text):
        assert alice.name in page
        assert "$72.00" in page
        assert "as far as the month has come" in page
    clock.instant = NOW + timedelta(days=20)
    refunding.request(paid, Money(20_00, "USD"), reason="goodwill", now=clock.instant)
    db.session.commit()
    send_refunds(clock.instant)
    db.session.commit()
    office, mine = as_(omar), as_(ines)
    assert office.get(f"/shares/{ines.id}/2026-11.csv").text == before
    rows = list(csv.DictReader(io.StringIO(mine.get("/my-shares/2026-12.csv").text.lstrip("\ufeff"))))
    assert [(row["What"], row["Collected"], row["Shared before"], row["Amount"]) for row in rows] == [
        ("Owed before", "", "", "72.00"),
        ("Session", "100.00", "72.00", "-12.00"),
        ("Owed after", "", "", "60.00"),
    ]
    assert "$72.00 stood before" in mine.get("/my-shares/2026-12").text
    assert "Nothing was agreed" not in mine.get("/my-shares").text


def test_a_statement_is_put_on_paper(as_, ines, paid):
    answer = as_(ines).get("/my-shares/2026-11.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


def test_reading_a_statement_is_noted(as_, omar, ines, paid):
    as_(omar).get(f"/shares/{ines.id}/2026-11")
    as_(ines).get("/my-shares/2026-11.csv")
    noted = [
        (each.action, each.person_id) for each in db.session.query(AuditEntry) if each.action.startswith("shares.")
    ]
    assert noted == [("shares.viewed", omar.id), ("shares.exported", ines.id)]


def test_a_counselor_sees_nothing_of_others_and_agrees_on_nothing(as_, ines, clara, alice, paid):
    other = as_(clara)
    assert "Nothing was agreed yet" in other.get("/my-shares").text
    assert alice.name not in other.get("/my-shares/2026-11").text
    for person in (ines, clara, alice):
        somebody = as_(person)
        for path in ("/shares", f"/shares/{ines.id}", f"/shares/{ines.id}/2026-11", f"/shares/{ines.id}/2026-11.pdf"):
            assert somebody.get(path).status_code in {403, 404}
        assert somebody.post(f"/shares/{ines.id}/rules/new", data=RULE | {"step": "confirm"}).status_code in {403, 404}
    assert as_(alice).get("/my-shares").status_code in {403, 404}


@pytest.mark.parametrize("path", ["/shares/0", "/shares/0/2026-11", "/shares/0/payment", "/shares/rules/0"])
def test_what_is_not_there_is_not_found(as_, omar, path):
    assert as_(omar).get(path).status_code == 404


def test_a_month_that_is_none_is_not_found(as_, omar, ines):
    assert as_(omar).get(f"/shares/{ines.id}/2026-13").status_code == 404
