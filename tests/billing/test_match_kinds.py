"""Every kind of difference there is: made to happen, found by the match, told in words, and explained one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from billing import invoicing, refunding
from billing.closing import services as closing
from billing.closing.months import Month
from billing.ledger import books
from billing.ledger.posting import Kind, Whose, posting
from billing.matching import queries, services
from billing.matching.kinds import KINDS
from billing.models import Invoice, Payment
from billing.states import PROCESSING
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person
from practice.queries.people import the_practice
from tests.billing.builders import a_paid, an_open_payment, paid_on, send_refunds
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments
from tests.support.fake_settlements import BEGAN
from tests.support.tampering import behind_its_back

LATER = NOW + timedelta(days=9)
OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)


def dollars(amount: int) -> Money:
    return Money(amount * 100, "USD")


@dataclass(slots=True)
class Trouble:
    """A practice in which everything that may differ comes to differ; each deed returns the amount it differs by."""

    counselor: Person
    client: Person
    provider: FakePayments
    days: int = 0

    def stray(self, kind: str, amount: int) -> int:
        """Let the card company move money that nobody here knows of."""
        self.provider.move(kind, dollars(amount), source=f"{kind}_stray", payment_id="pi_stray")
        return amount

    def paid_otherwise(self) -> int:
        """Let the statement name less than was paid."""
        about = self.paid().intent_id
        place, line = next((place, line) for place, line in enumerate(self.provider.lines) if line.payment_id == about)
        self.provider.lines[place] = replace(line, amount=dollars(110))
        return -10

    def paid_without_line(self) -> int:
        """Let the statement forget a payment."""
        self.forget(self.paid().intent_id)
        return 120

    def refunded_without_line(self) -> int:
        """Let the statement forget a refund."""
        payment = self.paid()
        refunding.request(payment, dollars(30), reason="goodwill", now=NOW)
        db.session.commit()
        send_refunds()
        self.forget(payment.intent_id, "refund")
        return 30

    def paid_too_late(self) -> int:
        """Let a payment come for a session that is called off, and the refund of it fail."""
        appointment = self.session()
        payment = an_open_payment(appointment, self.provider)
        appointment.status, appointment.cancelled_at = "cancelled", NOW
        db.session.commit()
        self.provider.refund_problem = "expired_card"
        paid_on(payment, self.provider)
        send_refunds()
        self.provider.refund_problem = ""
        return 120

    def hangs(self) -> int:
        """Let a bank not decide."""
        an_open_payment(self.billed(), self.provider).status = PROCESSING
        return 120

    def not_billed(self) -> int:
        """Let a session stand without a bill."""
        self.session()
        return 120

    def billed_otherwise(self) -> int:
        """Let a session cost less than its bill says."""
        self.billed().price_cents = 90_00
        return 30

    def called_off(self) -> int:
        """Let a billed session be called off, and nobody look at its bill."""
        appointment = self.billed()
        appointment.status, appointment.cancelled_at = "cancelled", NOW
        return 120

    def overpaid(self) -> int:
        """Ask for less when all of it is paid."""
        self.post(Kind.CREDIT, 15, self.paid().invoice)
        return 15

    def booked_without_payment(self) -> int:
        """Book a card payment that there is not."""
        self.post(Kind.PAYMENT, 3)
        return 3

    def paid(self) -> Payment:
        """Pay another session by card."""
        return a_paid(self.billed(), self.provider)

    def billed(self) -> Appointment:
        """Bill another session."""
        appointment = self.session()
        invoicing.issue(appointment, now=NOW)
        return appointment

    def session(self) -> Appointment:
        """Book a session on another day."""
        self.days += 1
        return an_appointment(self.counselor, self.client, WEDNESDAY_AT_TEN + timedelta(days=self.days))

    def forget(self, payment_id: str | None, kind: str = "charge") -> None:
        """Take a line out of the statement before it is read."""
        self.provider.lines = [
            line for line in self.provider.lines if (line.payment_id, line.kind) != (payment_id, kind)
        ]

    def post(self, kind: Kind, amount: int, invoice: Invoice | None = None, at: datetime = NOW) -> None:
        """Book something by hand."""
        whose = Whose(self.client.id, self.counselor.id, invoice.id if invoice else None)
        books.post(posting(kind, f"by-hand-{kind}", dollars(amount), whose), now=at)


@pytest.fixture
def trouble(ines, alice, omar, payments) -> Trouble:
    """A practice that closed October, and whose statement begins early enough."""
    made = Trouble(ines, alice, payments)
    made.post(Kind.CREDIT_SOLD, 40, at=OCTOBER)
    payments.move("charge", dollars(1), source="ch_first", payment_id="pi_first", at=BEGAN - timedelta(days=40))
    run = services.run(payments, now=NOW)
    services.explain(queries.to_explain()[0], "Before our time.", by=omar, now=NOW)
    zone = the_practice().zone
    closing.close(Month.of(OCTOBER, zone), zone=zone, by=omar, now=NOW)
    db.session.commit()
    assert run.found == 1
    return made


def test_every_kind_of_difference_is_found_told_in_words_and_explained(trouble, as_, omar, payments):
    deeds: dict[str, Callable[[], int]] = {
        "charge_unknown": lambda: trouble.stray("charge", 35),
        "charge_differs": trouble.paid_otherwise,
        "refund_unknown": lambda: trouble.stray("refund", -9),
        "payment_without_line": trouble.paid_without_line,
        "refund_without_line": trouble.refunded_without_line,
        "payout_unbooked": lambda: trouble.stray("payout", -5),
        "dispute_unbooked": lambda: trouble.stray("dispute", -6),
        "transfer_unbooked": lambda: trouble.stray("transfer", -7),
        "line_other": lambda: trouble.stray("other", -8),
        "books_differ": trouble.booked_without_payment,
        "unbilled": trouble.not_billed,
        "billed_otherwise": trouble.billed_otherwise,
        "earned_cancelled": trouble.called_off,
        "owed_to_client": trouble.overpaid,
        "not_given_back": trouble.paid_too_late,
        "stuck": trouble.hangs,
    }
    made = {kind: deed() * 100 for kind, deed in deeds.items()}
    db.session.commit()
    behind_its_back("DELETE FROM ledger_entries WHERE account = 'credit'")
    run = services.run(payments, now=LATER)
    db.session.commit()
    assert run.found == len(KINDS) + 1
    found = {each.kind: each.amount_cents for each in queries.to_explain()}
    # The booking without a payment is what the card company's balance lacks.
    assert found == made | {"closed_changed": 40_00, "balance": -3_00}
    assert set(found) == set(KINDS), "a kind of difference that nothing finds, or that no test makes"
    assert [(each["held"] - each["booked"], each["gap"]) for each in run.totals] == [(sum_of(run), -3_00)]
    office = as_(omar)
    db.session.commit()
    page = unescape(office.get("/match").text)
    for kind in KINDS.values():
        assert all(words in page for words in (kind.title, kind.meaning, kind.advice))
    for each in [one.id for one in queries.to_explain()]:
        db.session.commit()
        office.post(f"/match/{each}", data={"note": "Looked up and understood."})
    assert "Everything that differs is explained" in office.get("/match").text


def sum_of(run) -> int:
    return sum(each["itemised"] + each["gap"] for each in run.totals)
