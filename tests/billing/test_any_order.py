"""Whatever is done in whatever order, and whatever news comes again or late: the books balance and come to the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from billing import adjusting, checking, invoicing, payments, refunding, webhooks
from billing.cards import charging
from billing.cards import queries as cards
from billing.credit import services as credit
from billing.ledger import balances
from billing.ledger.posting import Account
from billing.manual import services as manual
from billing.models import Invoice, LedgerEntry, LedgerTransaction, Payment
from booking import services
from booking.models.appointments import Appointment
from booking.refusals import BookingRefusedError
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import GatewayRefusedError
from practice.models import Person
from tests.billing import by_hand
from tests.billing.builders import a_part_payment, an_open_payment, send_refunds, unbalanced
from tests.billing.cards import a_card
from tests.billing.shares.scenes import an_agreement
from tests.booking.builders import WEDNESDAY_AT_TEN, an_appointment
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE, FakePayments

ANY_ORDER = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
CENTS = st.integers(1, 120_00)
EIGHTHS = 5
"""What the counselor gets of what was collected, in eighths of it."""
REFUSALS = (
    adjusting.CannotAdjustError,
    credit.CannotUseCreditError,
    manual.CannotRecordError,
    payments.CannotPayError,
    refunding.TooMuchError,
    BookingRefusedError,
    GatewayRefusedError,
)


@dataclass(slots=True)
class Story:
    """What happens to the money of one session."""

    appointment: Appointment
    office: Person
    provider: FakePayments
    news: list[bytes] = field(default_factory=list)

    def do(self, deed: str, cents: int) -> None:
        """Do something about the money; what is refused leaves nothing behind."""
        deeds: dict[str, Callable[[int], object]] = {
            "open": lambda _: an_open_payment(self.appointment, self.provider),
            "part": lambda cents: a_part_payment(self.appointment, self.provider, cents),
            "pay": self.pay,
            "charge": self.charge,
            "back": self.give_back,
            "back_there": self.give_back_there,
            "less": self.ask_less,
            "client_cancels": lambda _: services.cancel(self.appointment, by=self.appointment.client, now=NOW),
            "counselor_cancels": lambda _: services.cancel(self.appointment, by=self.appointment.counselor, now=NOW),
            "news": lambda place: self.hear(self.news[place % len(self.news)] if self.news else b""),
            "send": lambda _: send_refunds(),
        } | {
            name: partial(in_the_office, self.appointment, self.office) for name, in_the_office in by_hand.DEEDS.items()
        }
        try:
            deeds[deed](cents)
            db.session.commit()
        except REFUSALS:
            db.session.rollback()

    def pay(self, _cents: int) -> None:
        """Pay on the page that was opened last, and remember the news of it."""
        for payment in payments.of(self.appointment):
            if payment.checkout_id and not payment.paid_at:
                made = self.provider.pay(payment.checkout_id)
                self.news.append(self.provider.event("payment_intent.succeeded", made))
                self.news.append(self.provider.event("payment_intent.processing", made))
                return

    def charge(self, cents: int) -> None:
        """Charge a saved card for what is due; now and then it is declined."""
        card = cards.usual(self.appointment.client) or a_card(self.appointment.client, self.provider)
        charging.clear_the_way(self.provider, self.appointment, now=NOW)
        begun = charging.begin(self.appointment, card, now=NOW)
        self.provider.card_problem = "generic_decline" if cents % 3 == 0 else ""
        charging.carry_out(self.provider, begun.id, present=False, back="", now=NOW)
        if begun.intent_id:
            made = self.provider.payments[begun.intent_id]
            self.news.append(self.provider.event("payment_intent.succeeded", made))

    def give_back(self, cents: int) -> None:
        """Give back some of what is kept."""
        for payment in payments.of(self.appointment):
            if payment.fate == "kept":
                refunding.request(payment, Money(cents, "USD"), reason="goodwill", now=NOW, by=self.office)

    def give_back_there(self, cents: int) -> None:
        """Give back at the provider's side, and remember the news of it."""
        for payment in payments.of(self.appointment):
            if payment.intent_id:
                made = self.provider.refund_at_provider(payment.intent_id, Money(cents, "USD"))
                self.news.append(self.provider.event("refund.created", made))

    def ask_less(self, cents: int) -> None:
        """Take something off the invoice, for one reason or the other."""
        invoice = invoicing.of(self.appointment)
        if invoice:
            reason = "uncollectable" if cents % 2 else "hardship"
            due = balances.of_invoice(invoice)
            amount = Money(cents, "USD")
            adjusting.adjust(invoice, amount, reason=reason, seen=due, by=self.office, form_key=uuid4().hex, now=NOW)

    def hear(self, body: bytes) -> None:
        """Hear news, perhaps again."""
        if body:
            webhooks.receive(self.provider, self.provider.read_event(body, SIGNATURE), now=NOW)

    def settle(self) -> None:
        """Let everything come to its end: ask about each payment and send what waits."""
        for _ in range(2):
            for payment in payments.of(self.appointment):
                checking.check(self.provider, payment.id, now=NOW)
            send_refunds()

    def books(self) -> dict[str, int]:
        """Return what the session's client and invoice come to, by account."""
        mine = select(Payment.id).where(Payment.appointment_id == self.appointment.id)
        billed = select(Invoice.id).where(Invoice.appointment_id == self.appointment.id)
        query = (
            select(LedgerEntry.account, func.sum(LedgerEntry.amount_cents))
            .join(LedgerTransaction)
            .where(LedgerTransaction.payment_id.in_(mine) | LedgerEntry.invoice_id.in_(billed))
            .group_by(LedgerEntry.account)
        )
        return {account: int(cents) for account, cents in db.session.execute(query) if cents}


@pytest.fixture
def begin(ines, alice, omar, payments) -> Callable[[], Story]:
    """Begin the story of another session, billed and not paid."""
    hours = count()
    an_agreement(ines, omar, EIGHTHS * 12_50)

    def begun() -> Story:
        appointment = an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(hours=next(hours)))
        invoicing.issue(appointment, now=NOW)
        db.session.commit()
        return Story(appointment, omar, payments)

    return begun


DEEDS = (
    "open",
    "part",
    "pay",
    "charge",
    "back",
    "back_there",
    "less",
    "client_cancels",
    "counselor_cancels",
    "news",
    "send",
)
IN_THE_OFFICE = (*DEEDS, *by_hand.DEEDS)


@ANY_ORDER
@given(deeds=st.lists(st.tuples(st.sampled_from(IN_THE_OFFICE), CENTS), min_size=3, max_size=18))
def test_any_sequence_of_deeds_leaves_balanced_books(begin, deeds):
    story = begin()
    for deed, cents in deeds:
        story.do(deed, cents)
        assert checking.compare().difference_cents == 0
        assert by_hand.lots_agree()
    story.settle()
    came_to = story.books()
    for body in reversed(story.news):
        story.hear(body)
    story.settle()
    assert unbalanced() == []
    assert story.books() == came_to
    assert came_to.get(Account.RECEIVABLE, 0) >= 0
    assert -came_to.get(Account.PAYABLE, 0) == came_to.get(Account.SHARES, 0) == _share_by_hand(came_to)
    received = sum(state.received.cents for state in story.provider.payments.values() if _is_of(story, state.key))
    back = sum(
        made.amount.cents for made in story.provider.given_back.values() if _is_of_payment(story, made.payment_id)
    )
    assert came_to.get(Account.CLEARING, 0) == received - back


@ANY_ORDER
@given(
    parts=st.lists(CENTS, max_size=3),
    order=st.lists(st.integers(0, 30), min_size=1, max_size=12),
    less=st.integers(0, 120_00),
)
@example(parts=[1, 43_20], order=[0], less=76_82)
def test_news_in_any_order_and_number_comes_to_the_same(begin, parts, order, less):
    """Twins: one hears the news as it likes to come, of the other only the end is asked for."""
    heard, asked = begin(), begin()
    for story in (heard, asked):
        story.do("open", 0)
        if less:
            story.do("less", less)
        story.do("pay", 0)
        if parts:
            story.hear(story.news[0])
        for cents in parts:
            story.do("back_there", cents)
    for place in order:
        heard.hear(heard.news[place % len(heard.news)])
    for story in (heard, asked):
        story.settle()
    assert heard.books() == asked.books()
    assert unbalanced() == []


def _share_by_hand(books: dict[str, int]) -> int:
    """Reckon the counselor's share from what is earned and neither owed nor given up, half a cent upwards."""
    collected = -sum(books.get(account, 0) for account in (Account.INCOME, Account.WRITTEN_OFF, Account.RECEIVABLE))
    return (collected * EIGHTHS * 2 + 8) // 16


def _is_of(story: Story, key: str) -> bool:
    return any(payment.uid == key for payment in payments.of(story.appointment))


def _is_of_payment(story: Story, intent_id: str) -> bool:
    return any(payment.intent_id == intent_id for payment in payments.of(story.appointment))
