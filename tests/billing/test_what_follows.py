"""Everything that shows money follows a refund: in full, in part, or to credit."""

from __future__ import annotations

import re

import pytest

from billing import refunding
from billing.estimates import jobs, queries
from billing.estimates.models import Estimate
from billing.models import Payment
from practice.core.db import db
from tests.billing.builders import a_paid, accounts, send_refunds, unbalanced
from tests.billing.by_hand import dollars
from tests.billing.papers.scenes import a_past_session, a_superbill, coded, told
from tests.booking.builders import a_hold
from tests.fakes import MONDAY_MORNING as NOW

WAYS = {
    "in full": ("card", 120, "Refunded", "Went back to your card"),
    "in part": ("card", 50, "Partly refunded", "Went back to your card"),
    "to credit": ("credit", 40, "Partly refunded", "Became your credit"),
}


@pytest.fixture
def session(alice, ines, omar):
    """A session of last Thursday, coded and billed, with everything insurers ask for."""
    told(alice, ines, omar)
    return coded(a_past_session(ines, alice))


def words_of(browser, address: str) -> str:
    """Return what a page says, without its marks."""
    page = browser.get(address).text
    inside = re.sub(r"(?s)<svg.*?</svg>", "", page[page.index("<main") : page.index("</main")])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside))


def given_back(payment: Payment, cents: int, way: str, omar) -> None:
    refunding.request(payment, dollars(cents), reason="goodwill", now=NOW, by=omar, way=way)
    db.session.commit()
    send_refunds()


@pytest.mark.parametrize("how", WAYS)
def test_every_page_follows_a_refund(as_, alice, ines, omar, payments, session, how):
    way, dollar, state, went = WAYS[how]
    gone, left = f"${dollar}.00", f"${120 - dollar}.00"
    paid = a_paid(session, payments)
    before = a_superbill(alice, ines).id
    number, invoice, payment = session.id, paid.invoice_id, paid.id
    given_back(paid, dollar, way, omar)
    after = a_superbill(alice, ines).id
    db.session.commit()
    client, counselor, office = as_(alice), as_(ines), as_(omar)
    expected = {
        "/billing": ("Everything is settled", state, gone),
        f"/invoices/{invoice}": (state, f"Refunded {gone}", f"Credited −{gone}", "Still to pay $0.00"),
        f"/payments/{payment}/receipt": (
            f"−{gone}",
            f"Left of it {left}",
            "credit" if way == "credit" else "Refund of",
        ),
        "/billing/statement": (f"{went} for 19 Nov 2026", f"−{gone}", "After 30 Nov 2026 Nothing"),
        f"/superbills/{before}": ("Money moved since", f"Now the sessions come to {left}", f"{left} is paid"),
        f"/superbills/{after}": (f"Fees {left}", f"Paid {left}"),
        "/billing/account": (went, f"Credited to you Goodwill. INV-00001 −{gone}", "Settled"),
        "/billing/credit": (f"Since 23 Nov 2026 {gone}",) if way == "credit" else ("You have no credit",),
        f"/appointments/{number}": (state, f"{gone} was given back"),
    }
    for address, said in expected.items():
        page = words_of(client, address)
        assert [each for each in said if each not in page] == [], (address, page)
    assert "Money moved" not in words_of(client, f"/superbills/{after}")
    assert ("Refunded" if dollar == 120 else "Paid") in words_of(counselor, f"/appointments/{number}")
    expected = {
        "/reports": (f"Revenue {left}", "Paid $120.00", f"Given back {gone}"),
        "/invoices": (f"$120.00 {gone} – {state}",),
        "/payments": (f"$120.00 {gone} {state}",),
    }
    for address, said in expected.items():
        page = words_of(office, address)
        assert [each for each in said if each not in page] == [], (address, page)
    assert unbalanced() == []
    assert -accounts().get("income", 0) == 120_00 - dollar * 100


def test_the_meter_of_an_estimate_follows_refunds(service, alice, omar, payments):
    paid = a_paid(a_hold(service, alice), payments)
    jobs.give_estimates(NOW)
    estimate = db.session.query(Estimate).one()
    assert queries.meter_of(estimate).billed == dollars(120)
    for dollar, way, billed in ((50, "card", 70), (40, "credit", 30), (30, "card", 0)):
        given_back(paid, dollar, way, omar)
        assert queries.meter_of(estimate).billed == dollars(billed)
