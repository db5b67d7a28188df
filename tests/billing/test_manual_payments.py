"""Cash, cheques and transfers are written down once, pay what they are said to pay, and can be undone."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from billing import account, queries
from billing.credit import queries as credit_queries
from billing.credit import services as credit
from billing.ledger import balances
from billing.manual import services as manual
from billing.manual import sharing
from billing.manual.models import ManualPayment
from billing.models import Invoice
from booking import services
from practice.core.db import db
from practice.core.delivery import deliver_due
from tests.billing.builders import accounts, unbalanced
from tests.billing.by_hand import dollars, invoice_of, lots_agree, paid_by_hand
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment, an_offer
from tests.fakes import MONDAY_MORNING as NOW


@pytest.fixture
def invoices(ines, alice) -> list[Invoice]:
    """Two sessions of Alice's for $120 each, billed and not paid."""
    an_offer(ines)
    hours = (WEDNESDAY_AT_TEN, WEDNESDAY_AT_TEN.replace(hour=20))
    return [invoice_of(an_appointment(ines, alice, hour)) for hour in hours]


def a_form(alice, **changes: str) -> dict[str, str]:
    usual = {"client": str(alice.id), "amount": "150", "way": "cheque", "received_on": "2026-11-20", "key": uuid4().hex}
    return usual | {"reference": "No. 4711"} | changes


def test_an_amount_is_shared_among_the_oldest_first():
    dues = [(1, dollars(120)), (2, dollars(40)), (3, dollars(10))]
    assert sharing.oldest_first(dollars(150), dues) == {1: dollars(120), 2: dollars(30)}
    assert sharing.rest(dollars(200), sharing.oldest_first(dollars(200), dues)) == dollars(30)


def test_what_was_paid_pays_invoices_and_the_rest_is_credit(alice, omar, invoices):
    first, second = invoices
    paid_by_hand(alice, dollars(300), omar, {first.id: dollars(120), second.id: dollars(100)})
    assert accounts() == {"receivable": 20_00, "cash": 300_00, "credit": -80_00, "income": -240_00}
    assert [queries.of_appointment(each.appointment).state for each in invoices] == ["paid", "due"]
    assert (credit_queries.credit_of(alice.id), lots_agree(), unbalanced()) == ([dollars(80)], True, [])
    credit.use(second, now=NOW, by=alice)
    assert (balances.of_invoice(second), credit_queries.credit_of(alice.id)) == (dollars(0), [dollars(60)])
    assert [line.words for line in account.of(alice, most=9)][:3] == ["Paid from your credit", "You paid", "You paid"]


def test_undoing_books_the_mirror_and_makes_it_due_again(alice, omar, invoices):
    first, _ = invoices
    made = paid_by_hand(alice, dollars(150), omar, {first.id: dollars(120)}, way="transfer")
    for _ in range(2):
        manual.undo(made, reason="bounced", by=omar, now=NOW)
    assert accounts() == {"receivable": 240_00, "income": -240_00}
    assert (credit_queries.credit_of(alice.id), lots_agree()) == ([], True)


def test_what_was_used_or_given_back_meanwhile_cannot_be_undone(alice, ines, omar, invoices):
    first, second = invoices
    made = paid_by_hand(alice, dollars(150), omar, {first.id: dollars(120)})
    credit.use(second, now=NOW, by=alice)
    with pytest.raises(manual.CannotRecordError, match="used already"):
        manual.undo(made, reason="mistake", by=omar, now=NOW)
    db.session.rollback()
    services.cancel(first.appointment, by=ines, now=NOW)
    with pytest.raises(manual.CannotRecordError, match="given back as credit"):
        manual.undo(made, reason="mistake", by=omar, now=NOW)


def test_a_session_called_off_gives_cash_back_as_credit(alice, ines, omar, invoices):
    first, _ = invoices
    paid_by_hand(alice, dollars(120), omar, {first.id: dollars(120)})
    services.cancel(first.appointment, by=ines, now=NOW)
    assert accounts() == {"receivable": 120_00, "cash": 120_00, "credit": -120_00, "income": -120_00}
    assert queries.of_appointment(first.appointment).state == "refunded"
    assert lots_agree()


def test_credit_is_paid_out_but_a_gift_is_not(alice, omar):
    paid_by_hand(alice, dollars(50), omar, way="transfer")
    credit.give(alice, dollars(20), note="Sorry", by=omar, form_key=uuid4().hex, now=NOW, expires_at=None)
    key = uuid4().hex
    for _ in range(2):
        credit.pay_out(alice, dollars(50), way="transfer", note="", by=omar, form_key=key, now=NOW)
    with pytest.raises(credit.CannotUseCreditError, match=r"At most \$0.00"):
        credit.pay_out(alice, dollars(1), way="cash", note="", by=omar, form_key=uuid4().hex, now=NOW)
    assert accounts() == {"income": 20_00, "credit": -20_00}


def test_the_database_refuses_changes_and_more_than_a_lot_holds(alice, omar):
    made = paid_by_hand(alice, dollars(50), omar)
    manual.undo(made, reason="twice", by=omar, now=NOW)
    db.session.commit()
    for deed in (
        "UPDATE manual_payments SET amount_cents = 1",
        "UPDATE manual_payments SET undone_at = NULL, undone_by_id = NULL, undone_reason = NULL",
        "DELETE FROM manual_payments",
        "UPDATE credit_moves SET cents = 1",
        "DELETE FROM credit_moves",
        "DELETE FROM credit_lots",
        "INSERT INTO credit_moves (lot_id, cents, kind, reference, made_at) VALUES (1, -1, 'x', 'y', '2026-11-23')",
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(text(deed))
        db.session.rollback()


def test_the_office_writes_it_down_once_and_the_client_gets_a_receipt(as_, alice, ben, omar, invoices, mailer, clock):
    db.session.commit()
    office, form = as_(omar), a_form(alice)
    assert "INV-00002" in office.get(f"/manual-payments/new?client={alice.id}").text
    for _ in range(2):
        answer = office.post("/manual-payments", data=form)
        assert answer.status_code == 303
    made = db.session.scalars(select(ManualPayment)).one()
    address, number = f"/manual-payments/{made.id}", made.number
    db.session.commit()
    for words in ("Invoice INV-00001", "Invoice INV-00002", "$30.00", "No. 4711", "received by cheque"):
        assert words in as_(alice).get(address).text
    assert as_(alice).get(f"{address}.pdf").mimetype == "application/pdf"
    assert as_(ben).get(address).status_code == 404
    assert number in office.get("/manual-payments?way=cheque&text=alice").text
    assert number not in office.get("/manual-payments?way=cash").text
    clock.advance(hours=1)
    while deliver_due("tests"):
        pass
    assert "Receipt for $150.00" in [mail.subject for mail in mailer.to("alice@example.org")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "0"}, "Enter an amount from $0.01"),
        ({"amount": "-5"}, "Enter an amount from $0.01"),
        ({"way": "gold"}, "Choose how it was paid."),
        ({"received_on": "2026-11-24"}, "not in the future"),
        ({"share-1": "120.01"}, "Enter an amount from $0.00 to $120.00."),
        ({"amount": "50", "share-1": "60"}, "The invoices add up to more than this."),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(as_, alice, omar, invoices, changes, words):
    data = a_form(alice, **changes)
    db.session.commit()
    answer = as_(omar).post("/manual-payments", data=data)
    assert answer.status_code == 422
    for kept in (words, "No. 4711"):
        assert kept in answer.text


def test_the_office_undoes_it_with_a_reason(as_, alice, omar, invoices):
    made = paid_by_hand(alice, dollars(120), omar, {invoices[0].id: dollars(120)})
    address = f"/manual-payments/{made.id}"
    db.session.commit()
    office = as_(omar)
    assert office.post(f"{address}/undoing", data={}).status_code == 422
    assert office.post(f"{address}/undoing", data={"reason": "bounced"}).status_code == 303
    assert "This payment was undone" in as_(alice).get(address).text
    assert office.get(f"{address}.pdf").status_code == 404


def test_only_administrators_write_payments_down(as_, client, alice, ines, clara):
    form = a_form(alice)
    db.session.commit()
    for person in (alice, ines, clara):
        for address in ("/manual-payments", "/manual-payments/new"):
            assert as_(person).get(address).status_code == 404
        assert as_(person).post("/manual-payments", data=form).status_code == 404
    assert client.get("/manual-payments").status_code == 303
