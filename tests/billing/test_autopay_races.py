"""Charging by itself while somebody changes what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from billing.autopay import jobs, services
from practice.core.db import db
from practice.core.payments import Checkout, Payments
from practice.models import Person
from tests.billing.builders import an_open_payment
from tests.billing.by_hand import pay_by_hand, undo_by_hand
from tests.billing.cards import a_card
from tests.billing.test_autopay import EVENING, MORNING, the_collection
from tests.booking.builders import a_booking
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments


class WhileClosing:
    """The provider, at which something happens while a page is being closed."""

    def __init__(self, inner: FakePayments, happening: Callable[[], None]) -> None:
        self.inner, self.happening = inner, happening

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def close_checkout(self, checkout_id: str) -> Checkout:
        """Let it happen first."""
        self.happening()
        return self.inner.close_checkout(checkout_id)


def test_never_more_is_charged_than_was_announced(service, alice, omar: Person, payments: FakePayments) -> None:
    """A cheque bounces in the very moment the rest is charged: the whole is announced anew before it is taken."""
    booked = a_booking(service, alice)
    a_card(alice, payments)
    services.begin(alice, now=NOW)
    pay_by_hand(booked, omar, 100_00)
    an_open_payment(booked, payments)
    db.session.commit()
    for now in (NOW, EVENING):
        jobs.collect(now)
    assert the_collection().told_cents == 20_00

    def bounce() -> None:
        undo_by_hand(booked, omar, 100_00)
        db.session.commit()

    services.go_on(cast(Payments, WhileClosing(payments, bounce)), the_collection().id, now=MORNING)
    assert (payments.charged, the_collection().state) == ([], "told")
    jobs.collect(MORNING + timedelta(minutes=1))
    assert (payments.charged, the_collection().told_cents) == ([], 120_00)
    jobs.collect(MORNING + timedelta(days=1, minutes=1))
    assert [asked.amount.cents for asked in payments.charged] == [120_00]
    assert the_collection().state == "done"
