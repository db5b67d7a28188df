"""Papers and lists: whoever may see them sees every cent, and nobody else finds them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from billing import refunding
from billing.models import Invoice, Payment
from billing.panels import paid_or_not, what_goes_back
from booking import services
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, send_refunds
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, a_service, an_appointment, an_offer
from tests.builders import a_client
from tests.fakes import MONDAY_MORNING as NOW

PAPERS = (
    "/invoices/{invoice}",
    "/invoices/{invoice}.pdf",
    "/payments/{payment}/receipt",
    "/payments/{payment}/receipt.pdf",
)
LISTS = ("/invoices", "/invoices.csv", "/payments", "/payments.csv")


@pytest.fixture
def service(ines):
    return an_offer(ines)


@pytest.fixture
def payment(service, alice, payments) -> Payment:
    paid = a_paid(a_hold(service, alice), payments)
    db.session.commit()
    return paid


def addresses(payment) -> list[str]:
    found = [path.format(invoice=payment.invoice_id, payment=payment.id) for path in PAPERS]
    db.session.commit()
    return found


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_client_and_the_administrator_see_the_papers(as_, payment, alice, omar):
    for person in (alice, omar):
        for address in addresses(payment):
            assert as_(person).get(address).status_code == 200


def test_nobody_else_finds_the_papers(as_, client, payment, ben, ines, clara):
    for address in addresses(payment):
        for person in (ben, ines, clara):
            assert as_(person).get(address).status_code == 404
        assert client.get(address).status_code == 303


def test_papers_that_are_not_there_are_not_found(as_, alice, omar):
    for person in (alice, omar):
        for path in PAPERS:
            assert as_(person).get(path.format(invoice=99, payment=99)).status_code == 404


def test_an_invoice_says_who_for_what_when_and_how_much(as_, payment, alice):
    page = as_(alice).get(addresses(payment)[0]).text
    for words in (
        "INV-00001",
        "Stillpoint",
        "Alice Moreau",
        "Individual session, 50 minutes",
        "with Ines Calder, LMHC",
    ):
        assert words in page
    for words in ("Wednesday 25 November, 10:00", "New York time", "$120.00", "Still to pay", "Paid"):
        assert words in page


def test_the_printed_papers_say_the_same(as_, payment, alice, printer):
    browser = as_(alice)
    for address in addresses(payment)[1::2]:
        answer = browser.get(address)
        assert answer.mimetype == "application/pdf"
        assert answer.text.startswith("%PDF")
    invoice, receipt = printer.printed
    assert "Invoice INV-00001" in invoice
    assert "Individual session, 50 minutes" in invoice
    assert "Receipt 000001" in receipt
    assert "Individual session" not in receipt


def test_an_invoice_keeps_who_billed_whom_as_it_was(as_, payment, alice):
    invoice = db.session.get_one(Invoice, payment.invoice_id)
    alice.name = "Alice Newname"
    db.session.commit()
    assert invoice.parties["client"]["name"] == "Alice Moreau"
    assert "Alice Moreau" in as_(alice).get(addresses(payment)[0]).text


def test_a_refund_shows_on_every_paper(as_, payment, alice, printer):
    refunding.request(payment, Money(40_00, "USD"), reason="technical", now=NOW)
    db.session.commit()
    send_refunds()
    browser = as_(alice)
    for address in (*addresses(payment), "/billing"):
        answer = browser.get(address)
        text = printer.printed[-1] if address.endswith(".pdf") else answer.text
        assert "$40.00" in text, address
    assert "The technology failed" in browser.get("/billing").text
    assert "$80.00" in browser.get(addresses(payment)[2]).text


def test_a_client_without_money_matters_is_told_so(as_, alice):
    page = as_(alice).get("/billing").text
    assert "Nothing to pay and nothing paid" in page
    assert "Find a counselor" in page


def test_what_is_due_leads_and_adds_up(as_, service, alice, payment):
    a_booking(service, alice, WEDNESDAY_AT_TEN + timedelta(hours=2))
    page = as_(alice).get("/billing").text
    assert "$120.00 is still to pay" in page
    assert "Pay $120.00" in page


def test_clients_see_their_own_money_only(as_, payment, ben, ines, omar, client):
    assert "INV-00001" not in as_(ben).get("/billing").text
    for person in (ines, omar):
        assert as_(person).get("/billing").status_code == 404
    assert client.get("/billing").status_code == 303


@pytest.mark.parametrize("path", LISTS)
def test_the_lists_are_the_administrators(as_, client, payment, alice, ines, clara, omar, path):
    assert as_(omar).get(path).status_code == 200
    for person in (alice, ines, clara):
        assert as_(person).get(path).status_code == 404
    assert client.get(path).status_code == 303


@pytest.mark.parametrize("path", ["/invoices", "/payments"])
def test_an_empty_list_says_what_will_stand_there(as_, omar, path):
    page = as_(omar).get(path).text
    assert "No invoices yet" in page or "No payments yet" in page
    assert "matches" in as_(omar).get(f"{path}?text=nobody").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=alice", True),
        ("text=ALICE@example", True),
        ("text=calder", True),
        ("text=INV-00001", True),
        ("text=1", True),
        ("text=ben", False),
        ("text=%25", False),
        ("text=_", False),
        ("state=paid", True),
        ("state=due", False),
        ("state=void", False),
        ("since=2026-11-23&until=2026-11-23", True),
        ("since=2026-11-24", False),
        ("until=2026-11-22", False),
        ("state=nonsense", True),
        ("since=yesterday", True),
        ("until=9999-12-31", True),
        ("page=0", True),
        ("page=x", True),
        ("page=7", False),
    ],
)
def test_invoices_are_narrowed(as_, payment, omar, query, found):
    page = as_(omar).get(f"/invoices?{query}")
    assert page.status_code == 200
    assert (f'/invoices/{payment.invoice_id}"' in page.text) is found


@pytest.mark.parametrize(
    ("state", "found"),
    [("paid", True), ("refunded", False), ("attention", False), ("undecided", False), ("closed", False)],
)
def test_payments_are_narrowed(as_, payment, omar, state, found):
    page = as_(omar).get(f"/payments?state={state}")
    assert (f'/payments/{payment.id}"' in page.text) is found


def test_a_refund_under_way_is_found(as_, payment, omar, payments):
    payments.down = True
    refunding.request(payment, payment.left, reason="mistake", now=NOW)
    db.session.commit()
    send_refunds()
    for state in ("refunded", "attention"):
        assert f'/payments/{payment.id}"' in as_(omar).get(f"/payments?state={state}").text


def test_long_lists_have_pages(as_, ines, omar):
    service = a_service(ines)
    everyone = [a_client(f"C{number} Doe") for number in range(3)]
    for number in range(60):
        start = WEDNESDAY_AT_TEN + timedelta(hours=number)
        booked = an_appointment(ines, everyone[number % 3], start, status="held", held_until=NOW, confirmed_at=None)
        services.confirm(booked, now=NOW)
    assert service.id
    db.session.commit()
    browser = as_(omar)
    first, second = browser.get("/invoices").text, browser.get("/invoices?page=2").text
    assert "Page 1 of 2" in first
    assert "$7,200.00 in all" in first
    assert "INV-00060" in first
    assert "INV-00010" in second
    assert "INV-00060" not in second
    assert len(rows(browser.get("/invoices.csv"))) == 60
    assert len(rows(browser.get("/invoices.csv?text=C1"))) == 20


def test_downloads_hold_numbers_and_harmless_words(as_, ines, omar, payments):
    mallory = a_client("=HYPERLINK(1)", email="mallory@example.org")
    payment = a_paid(a_hold(an_offer(ines), mallory), payments)
    refunding.request(payment, Money(20_00, "USD"), reason="goodwill", now=NOW)
    db.session.commit()
    browser = as_(omar)
    [invoice] = rows(browser.get("/invoices.csv"))
    assert (invoice["Client"], invoice["Total"], invoice["Refunded"]) == ("'=HYPERLINK(1)", "120.00", "20.00")
    [paid] = rows(browser.get("/payments.csv"))
    assert (paid["Client"], paid["Received"], paid["State"]) == ("'=HYPERLINK(1)", "120.00", "partly_refunded")
    assert (invoice["Session"], paid["Invoice"]) == ("2026-11-25 10:00", "INV-00001")


def test_a_sessions_page_shows_the_client_the_receipt_and_the_counselor_only_whether_it_is_paid(
    as_, payment, alice, ines, omar
):
    address = f"/appointments/{payment.appointment_id}"
    receipt = f"/payments/{payment.id}/receipt"
    db.session.commit()
    assert receipt in as_(alice).get(address).text
    seen = as_(ines).get(address).text
    assert "Paid" in seen
    assert receipt not in seen
    assert "/invoices/" not in seen
    assert f'/payments/{payment.id}"' in as_(omar).get(address).text


def test_the_counselors_day_marks_what_is_not_paid(app, payment, service, ben):
    unpaid = a_booking(service, ben, WEDNESDAY_AT_TEN + timedelta(hours=2))
    with app.test_request_context():
        assert paid_or_not(payment.appointment) is None
        assert "Not paid" in (paid_or_not(unpaid) or "")


def test_cancelling_says_first_what_happens_to_the_money(app, payment, alice, ines, clock):
    appointment = payment.appointment
    with app.test_request_context():
        assert "$120.00 will go back" in what_goes_back(appointment, alice)
        clock.instant = appointment.starts_at - timedelta(hours=3)
        assert "A fee of $120.00 may be kept" in what_goes_back(appointment, alice)
        assert "$120.00 will go back" in what_goes_back(appointment, ines)


def test_the_day_shows_what_was_taken_and_what_is_due(as_, payment, service, ben, omar):
    a_booking(service, ben, WEDNESDAY_AT_TEN + timedelta(hours=2))
    page = as_(omar).get("/day").text
    assert "Taken on this day" in page
    assert page.count("$120.00") >= 2
    assert "/invoices?state=due" in page


def test_a_payment_that_never_succeeded_has_no_receipt_and_no_refund(as_, service, alice, omar, payments):
    from tests.billing.builders import an_open_payment

    payment = an_open_payment(a_hold(service, alice), payments)
    number = payment.id
    db.session.commit()
    browser = as_(omar)
    assert "Nothing is booked until money arrives" in browser.get(f"/payments/{number}").text
    for path in ("receipt", "receipt.pdf", "refund"):
        assert browser.get(f"/payments/{number}/{path}").status_code == 404


def test_no_clinical_word_is_readable_in_the_database(payment, settings):
    """What was sold is sealed: a copy of the tables does not show the kind of session."""
    from sqlalchemy import text

    for table in ("invoices", "invoice_lines", "payments", "refunds", "webhook_events", "ledger_entries"):
        for row in db.session.execute(text(f"SELECT * FROM {table}")):
            assert b"Individual" not in b"".join(bytes(value) for value in row if isinstance(value, bytes | memoryview))
            assert "Individual" not in str([value for value in row if isinstance(value, str)])
