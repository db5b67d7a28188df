"""Most news says nothing new and ends early; what is new in it is never missed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from billing import known, payments, webhooks
from billing.models import Payment
from practice.core.db import db
from practice.core.money import Money
from practice.core.payments import Checkout
from tests.billing.builders import a_paid, accounts
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

HALF = Money(60_00, "USD")
PAID = {"clearing": 120_00, "income": -120_00}


@pytest.fixture
def paid(ines, alice, payments) -> Payment:
    return a_paid(a_hold(an_offer(ines), alice), payments)


def test_what_comes_after_known_news_is_booked_and_so_is_what_comes_back(paid, payments):
    def hear(kind, about):
        return webhooks.receive(payments, payments.read_event(payments.event(kind, about), SIGNATURE), now=NOW)

    made = payments.payments[paid.intent_id]
    for kind in ("payment_intent.succeeded", "payment_intent.processing"):
        assert (hear(kind, made), accounts()) == ("applied", PAID)
    back = payments.refund_at_provider(made.id, HALF)
    for kind in ("refund.created", "refund.updated"):
        assert (hear(kind, back), accounts()) == ("applied", {"clearing": 60_00, "income": -60_00})
    payments.given_back[back.id] = returned = replace(back, stage="failed", problem="expired_card")
    for kind in ("refund.failed", "refund.updated"):
        assert (hear(kind, returned), accounts()) == ("applied", PAID)


def test_only_what_is_booked_whole_is_known(paid, payments):
    look = facts_of(payments, paid)
    assert known.says_nothing_new(paid, look)
    assert not known.says_nothing_new(paid, replace(look, payment=None))
    assert not known.says_nothing_new(paid, replace(look, payment=replace(look.payment, id="pi_other")))
    assert not known.says_nothing_new(paid, replace(look, page=Checkout("cs_other", "", "", "complete", paid=True)))
    back = payments.refund_at_provider(paid.intent_id, HALF)
    assert not known.says_nothing_new(paid, replace(look, refunds=[back]))
    applied(paid, replace(look, refunds=[replace(back, stage="pending")]))
    assert known.says_nothing_new(paid, replace(look, refunds=[replace(back, stage="pending")]))
    assert not known.says_nothing_new(paid, replace(look, refunds=[back]))
    applied(paid, replace(look, refunds=[back]))
    assert known.says_nothing_new(paid, replace(look, refunds=[replace(back, stage="pending")]))


def facts_of(provider, payment: Payment) -> payments.Facts:
    return payments.look_up(provider, payment.checkout_id, payment.intent_id)


def applied(payment: Payment, facts: payments.Facts) -> None:
    payments.apply(payment.id, facts, now=NOW)
    db.session.commit()
