"""What the database itself refuses about money, and what double entry means here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from billing import invoicing
from billing.ledger import books
from billing.ledger.posting import SIDES, Account, Entry, Kind, Posting, UnbalancedError, Whose, posting
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Payment
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from tests.billing.builders import a_paid, accounts, unbalanced
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, a_service, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW

TEN = Money(10_00, "USD")


@pytest.mark.parametrize("kind", Kind)
@given(cents=st.integers(1, 10**9))
def test_every_posting_adds_up_to_nothing(kind, cents):
    written = posting(kind, "r", Money(cents, "EUR"), Whose(1))
    assert sum(entry.cents for entry in written.entries) == 0
    assert {entry.account for entry in written.entries} == set(SIDES[kind])


@pytest.mark.parametrize(("debit", "credit", "amount"), [(10, -9, 10), (10, -10, 9), (0, 0, 0), (-10, 10, -10)])
def test_a_posting_that_does_not_add_up_is_no_posting(debit, credit, amount):
    entries = (Entry(Account.CLEARING, debit, Whose(1)), Entry(Account.INCOME, credit, Whose(1)))
    with pytest.raises(UnbalancedError):
        Posting(Kind.PAYMENT, "r", Money(amount, "USD"), entries)


@pytest.mark.parametrize(
    "kinds", [(Kind.INVOICE, Kind.CREDIT), (Kind.REFUND, Kind.REFUND_RETURNED), (Kind.CREDIT, Kind.CREDIT_REVERSED)]
)
def test_what_is_taken_back_leaves_nothing_behind(kinds):
    left = dict.fromkeys(Account, 0)
    for kind in kinds:
        for entry in posting(kind, "r", TEN, Whose(1)).entries:
            left[entry.account] += entry.cents
    assert set(left.values()) == {0}


def a_transaction(**changes) -> LedgerTransaction:
    usual = {
        "kind": "payment",
        "reference": "by hand",
        "amount_cents": 10_00,
        "currency": "USD",
        "open_debit_cents": 10_00,
        "open_credit_cents": 10_00,
        "posted_at": NOW,
    }
    written = LedgerTransaction(**(usual | changes))
    db.session.add(written)
    db.session.flush()
    return written


def an_entry(written, client, cents, **changes) -> None:
    usual = {"transaction_id": written.id, "currency": "USD", "account": "clearing", "client_id": client.id}
    db.session.add(LedgerEntry(amount_cents=cents, **(usual | changes)))
    db.session.flush()


@pytest.mark.parametrize("entries", [(), (10_00,), (10_00, -9_99), (10_00, 10_00, -20_00), (5_00, -5_00)])
def test_the_database_refuses_a_posting_that_does_not_balance(alice, entries):
    written = a_transaction()
    for cents in entries:
        an_entry(written, alice, cents)
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_the_database_takes_a_posting_that_balances(alice):
    written = a_transaction()
    for cents in (7_00, 3_00, -10_00):
        an_entry(written, alice, cents)
    db.session.commit()
    assert unbalanced() == []


def test_the_database_refuses_another_currency_in_a_posting(alice):
    written = a_transaction()
    with pytest.raises(IntegrityError):
        an_entry(written, alice, 10_00, currency="EUR")
    db.session.rollback()


def test_the_database_refuses_to_pretend_that_a_posting_balances(alice):
    with pytest.raises(DBAPIError):
        a_transaction(open_debit_cents=0, open_credit_cents=0)
    db.session.rollback()
    written = a_transaction()
    an_entry(written, alice, 10_00)
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE ledger_transactions SET open_credit_cents = 0"))
    db.session.rollback()


@pytest.fixture
def paid(ines, alice, payments) -> Payment:
    return a_paid(a_hold(an_offer(ines), alice), payments)


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE ledger_entries SET amount_cents = amount_cents * 2",
        "UPDATE ledger_entries SET account = 'income'",
        "DELETE FROM ledger_entries",
        "DELETE FROM ledger_transactions",
        "UPDATE ledger_transactions SET amount_cents = 1",
        "UPDATE ledger_transactions SET kind = 'refund'",
        "UPDATE invoices SET total_cents = 1",
        "UPDATE invoices SET number = 7",
        "DELETE FROM invoices",
        "UPDATE invoice_lines SET quantity = 2, amount_cents = 24000",
        "DELETE FROM invoice_lines",
        "DELETE FROM payments",
        "UPDATE payments SET refunded_cents = 1",
        "UPDATE payments SET received_cents = 0",
        "UPDATE payments SET status = 'open'",
        "UPDATE payments SET fate = NULL",
        "UPDATE ledger_balanced SET open_cents = 5",
        "INSERT INTO ledger_balanced (open_cents) VALUES (5)",
    ],
)
def test_the_database_refuses_to_change_what_happened(paid, deed):
    with pytest.raises(DBAPIError):
        do(deed)
    db.session.rollback()
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def do(deed: str) -> None:
    db.session.execute(text(deed))
    db.session.commit()


def a_refund_row(payment_id: int, cents: int, uid: str) -> None:
    db.session.execute(
        text(
            "INSERT INTO refunds"
            " (uid, payment_id, amount_cents, status, reason, attempts, due_at, last_error, requested_at)"
            f" VALUES ('{uid}', {payment_id}, {cents}, 'queued', 'goodwill', 0, '2026-11-23', '', '2026-11-23')"
        )
    )


def test_the_database_refuses_refunds_above_the_charge(paid):
    number = paid.id
    a_refund_row(number, 100_00, "one")
    with pytest.raises(DBAPIError):
        a_refund_row(number, 20_01, "two")
    db.session.rollback()
    a_refund_row(number, 100_00, "one")
    a_refund_row(number, 20_00, "two")
    db.session.commit()
    db.session.execute(text("UPDATE refunds SET status = 'failed' WHERE uid = 'one'"))
    db.session.commit()
    assert db.session.get(Payment, number, populate_existing=True).refunded_cents == 20_00


def test_the_same_thing_is_posted_once(alice):
    for new in (True, False):
        assert books.post(posting(Kind.PAYMENT, "once", TEN, Whose(alice.id)), now=NOW) is new
    db.session.commit()
    assert accounts() == {"clearing": 10_00, "receivable": -10_00}


def numbers() -> list[int]:
    return sorted(db.session.scalars(select(Invoice.number)))


def many_appointments(ines, alice, count: int) -> list[int]:
    a_service(ines)
    starts = (WEDNESDAY_AT_TEN + timedelta(hours=2 * place) for place in range(count))
    return [an_appointment(ines, alice, start).id for start in starts]


def test_numbers_have_no_gaps_when_an_invoice_fails(ines, alice):
    first, second, third = many_appointments(ines, alice, 3)
    for number, fails in ((first, False), (second, True), (third, False)):
        invoicing.issue(db.session.get(Appointment, number), now=NOW)
        (db.session.rollback if fails else db.session.commit)()
    assert numbers() == [1, 2]


def test_the_database_refuses_a_gap(ines, alice):
    [number] = many_appointments(ines, alice, 1)
    db.session.execute(text("UPDATE invoice_series SET next_number = 5"))
    with pytest.raises(DBAPIError):
        invoicing.issue(db.session.get(Appointment, number), now=NOW)
    db.session.rollback()


@pytest.mark.race
def test_many_who_bill_at_once_number_without_gaps(app, ines, alice):
    appointments = many_appointments(ines, alice, 16)
    db.session.commit()

    def bill(number: int) -> None:
        with app.app_context():
            invoicing.issue(db.session.get(Appointment, number), now=NOW)
            db.session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bill, appointments))
    assert numbers() == list(range(1, 17))
    assert unbalanced() == []
