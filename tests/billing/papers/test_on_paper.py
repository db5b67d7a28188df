"""Every paper about money, set by the real press: tagged, archival, and saying what the page says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from pypdf import PdfReader

from billing.claims import services as claims
from billing.claims.terms import Terms
from billing.estimates import services as estimates
from practice.core.db import db
from practice.core.printing import WarmPrinter
from practice.queries.people import the_practice
from tests.billing.builders import a_paid
from tests.billing.papers.scenes import THURSDAY, a_past_session, a_superbill, coded, told
from tests.booking.builders import a_hold
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.papers import faults


@pytest.fixture(scope="module")
def press() -> Iterator[WarmPrinter]:
    warm = WarmPrinter(timeout=120)
    yield warm
    warm.close()


def test_every_paper_is_tagged_and_says_what_it_should(app: Flask, press, as_, service, ines, alice, omar, payments):
    app.extensions["stillpoint.ports"] = replace(app.extensions["stillpoint.ports"], printer=press)
    payment = a_paid(a_hold(service, alice), payments)
    told(alice, ines, ines)
    for days in range(8):
        coded(a_past_session(ines, alice, THURSDAY - timedelta(days=days)))
    row = a_superbill(alice, ines)
    claim = claims.make(row, Terms(), by=omar, now=NOW)
    estimate = estimates.ask(alice, service, 48, practice=the_practice(), by=alice, now=NOW)
    papers = {
        f"/invoices/{payment.invoice_id}.pdf": ("Invoice INV-00001", "$120.00"),
        f"/payments/{payment.id}/receipt.pdf": ("Receipt", "$120.00"),
        "/billing/statement.pdf": ("Statement", "Owed before", "$960.00"),
        f"/superbills/{row.id}.pdf": ("Superbill SB-00001", "F41.1", "90834", "LMHC NY-004417"),
        f"/claims/{claim.id}/cms-1500-text.pdf": ("MOREAU, ALICE", "720 00", "CL00001"),
        f"/claims/{claim.id}/cms-1500.pdf": ("MOREAU, ALICE", "page 2 of 2", "720 00", "240 00"),
        f"/estimates/{estimate.id}.pdf": ("Good-faith estimate GFE-00001", "$5,760.00", "www.cms.gov/nosurprises"),
    }
    db.session.commit()
    for address, words in papers.items():
        document = bytes(as_(omar if "cms" in address else alice).get(address).data)
        assert faults(document) == [], address
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages).split())
        for each in words:
            assert each in text, (address, each)
