"""A closed month takes nothing any more, whoever tries; it is opened again for a reason that the audit log keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from billing import invoicing
from billing.closing import periods, queries, services
from billing.closing.months import Month
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.matching import services as match
from billing.models import LedgerTransaction
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.money import Money
from practice.queries.people import the_practice
from tests.booking.builders import an_appointment

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
LAST = datetime(2026, 10, 20, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def october(ines, alice, omar, payments):
    """One session billed in October, and matched since."""
    invoicing.issue(an_appointment(ines, alice, LAST), now=LAST)
    match.run(payments, now=NOW)
    return the_practice().zone


def close(zone, by, month=OCTOBER):
    closed = services.close(month, zone=zone, by=by, now=NOW)
    db.session.commit()
    return closed


@pytest.mark.parametrize(
    ("text", "month"), [("2026-10", OCTOBER), ("2026-13", None), ("october", None), ("2026-1", None)]
)
def test_months_are_read(text, month):
    assert Month.read(text) == month


def test_a_year_turns():
    assert (Month(2026, 12).next, Month(2027, 1).before) == (Month(2027, 1), Month(2026, 12))
    assert Month.of(datetime(2026, 10, 31, 23, 30, tzinfo=UTC), "Europe/Berlin") == NOVEMBER


def test_the_database_itself_books_nothing_into_a_closed_month(october, omar):
    close(october, omar)
    row = {"kind": "fee", "reference": "x", "amount_cents": 5, "currency": "USD"}
    late = LedgerTransaction(**row, open_debit_cents=5, open_credit_cents=5, posted_at=LAST)
    db.session.add(late)
    with pytest.raises(DatabaseError, match="ledger_transactions_not_in_closed_months"):
        db.session.flush()
    db.session.rollback()


def test_what_belongs_into_it_is_booked_when_the_next_begins(october, omar):
    closed = close(october, omar)
    books.post(posting(Kind.FEE, "late", Money(5, "USD"), Whose()), now=LAST)
    db.session.commit()
    booked = db.session.query(LedgerTransaction).filter_by(reference="late").one()
    assert booked.posted_at == closed.ends_at == periods.closed_until()
    assert not services.changed_since(closed)


def test_a_month_is_closed_in_its_turn_and_when_it_is_over(october, omar, payments):
    with pytest.raises(services.CannotCloseError, match="not over"):
        close(october, omar, NOVEMBER)
    with pytest.raises(services.CannotCloseError, match="closed already"):
        close(october, omar, Month(2026, 9))
    close(october, omar)
    with pytest.raises(services.CannotCloseError, match="closed already"):
        close(october, omar)


def test_a_difference_must_be_explained_first(october, omar, payments):
    payments.move("other", Money(5_00, "USD"), at=LAST)
    match.run(payments, now=NOW)
    with pytest.raises(services.CannotCloseError, match="not explained"):
        close(october, omar)


def test_an_old_match_does_not_do(ines, alice, omar, payments):
    invoicing.issue(an_appointment(ines, alice, LAST), now=LAST)
    match.run(payments, now=LAST + timedelta(days=1))
    with pytest.raises(services.CannotCloseError, match="older than this month"):
        close(the_practice().zone, omar)


def test_it_is_opened_again_for_a_reason(as_, omar, october, clock):
    clock.instant = NOW
    db.session.commit()
    office = as_(omar)
    assert "Close October 2026" in office.get("/months/2026-10").text
    assert "October 2026 is closed" in office.post("/months/2026-10/closing", follow_redirects=True).text
    assert office.post("/months/2026-10/closing").status_code == 409
    assert office.post("/months/2026-10/reopening", data={}).status_code == 422
    said = {"reason": "accountant", "note": "A fee is missing"}
    page = office.post("/months/2026-10/reopening", data=said, follow_redirects=True).text
    assert "October 2026 is open again" in page
    assert "A fee is missing" in office.get("/months/2026-10").text
    entry = db.session.query(AuditEntry).filter_by(action="month.reopened").one()
    assert entry.detail == {"month": "2026-10", "why": "accountant"}
    assert office.get("/months/2026-10/reopening").status_code == 404
    assert queries.first_open(october) == OCTOBER


def test_nobody_else_sees_months(as_, ines, alice):
    for person in (ines, alice):
        assert as_(person).get("/months").status_code in {403, 404}
    assert as_(ines).get("/months/2026-10").status_code in {403, 404}
