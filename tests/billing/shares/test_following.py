"""Shares follow what was collected: posted when it comes, taken back when it goes, once, whatever the order."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from billing import adjusting, checking, invoicing, refunding, webhooks
from billing.credit import services as credit
from billing.manual import services as manual
from billing.packages import services as packages
from billing.packages.models import Package
from billing.shares import jobs, services
from billing.shares.agreeing import Agreed, Paying
from billing.shares.models import ShareLine
from booking import moving
from booking import services as booking
from practice.core.db import db
from practice.core.money import Money
from practice.queries.people import the_practice
from tests.billing.builders import a_paid, accounts, send_refunds, unbalanced
from tests.billing.by_hand import dollars, paid_by_hand
from tests.billing.shares.scenes import an_agreement, owed
from tests.booking.builders import WEDNESDAY_AT_TEN, a_hold, an_appointment
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE


@pytest.fixture
def agreed(ines, omar):
    return an_agreement(ines, omar)


@pytest.fixture
def paid(agreed, held, payments):
    return a_paid(held, payments)


def hear(payments, kind, about):
    return webhooks.receive(payments, payments.read_event(payments.event(kind, about), SIGNATURE), now=NOW)


def give_back(payment, cents, **more):
    refunding.request(payment, Money(cents, "USD"), reason="goodwill", now=NOW, **more)
    db.session.commit()
    send_refunds()


def test_a_share_is_owed_as_soon_as_a_session_is_paid_and_once(paid, ines, payments):
    assert owed(ines) == 72_00
    assert accounts() == {"clearing": 120_00, "income": -120_00, "shares": 72_00, "payable": -72_00}
    checking.check(payments, paid.id, now=NOW)
    for _ in range(2):
        hear(payments, "payment_intent.succeeded", payments.payments[paid.intent_id])
    assert owed(ines) == 72_00
    [line] = db.session.query(ShareLine)
    assert (line.collected_cents, line.total_cents, line.share_cents) == (120_00, 72_00, 72_00)


def test_without_an_agreement_nothing_is_owed(held, payments, ines):
    a_paid(held, payments)
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert owed(ines) == 0


def test_what_goes_back_takes_its_share_with_it_to_the_cent(paid, ines):
    give_back(paid, 33_33)
    assert owed(ines) == round((120_00 - 33_33) * 0.6)
    give_back(paid, 120_00 - 33_33)
    assert owed(ines) == 0
    assert accounts() == {}
    assert unbalanced() == []


def test_a_refund_that_the_bank_sends_back_brings_the_share_back(paid, ines, payments):
    payments.refund_problem = "lost_or_stolen_card"
    give_back(paid, 120_00)
    assert owed(ines) == 72_00


def test_what_becomes_credit_is_shared_when_it_pays_for_another_session(paid, ines, alice, omar):
    give_back(paid, 120_00, way="credit", by=omar)
    assert owed(ines) == 0
    another = invoicing.issue(an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(days=1)), now=NOW)
    credit.use(another, now=NOW, by=omar)
    db.session.commit()
    assert owed(ines) == 72_00


def test_what_is_paid_by_hand_is_shared_and_undoing_takes_it_back(agreed, ines, alice, omar):
    first, second = (
        invoicing.issue(an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(days=day)), now=NOW) for day in (0, 1)
    )
    made = paid_by_hand(alice, dollars(180), omar, {first.id: dollars(120), second.id: dollars(60)})
    assert owed(ines) == 108_00
    manual.undo(made, reason="mistake", by=omar, now=NOW)
    db.session.commit()
    assert owed(ines) == 0


def test_a_dispute_holds_the_share_back_until_it_is_won(paid, ines, payments):
    dispute = payments.ask_back(paid.intent_id, Money(120_00, "USD"))
    hear(payments, "charge.dispute.created", dispute)
    assert owed(ines) == 0
    hear(payments, "charge.dispute.closed", payments.decide(dispute.id, "lost"))
    assert owed(ines) == 0
    hear(payments, "charge.dispute.closed", payments.decide(dispute.id, "won"))
    assert owed(ines) == 72_00
    assert unbalanced() == []


def test_what_is_asked_less_for_is_shared_less(agreed, ines, alice, omar):
    invoice = invoicing.issue(an_appointment(ines, alice), now=NOW)
    adjusting.adjust(invoice, dollars(20), reason="hardship", seen=dollars(120), by=omar, form_key=uuid4().hex, now=NOW)
    paid_by_hand(alice, dollars(120), omar, {invoice.id: dollars(100)})
    assert owed(ines) == 60_00


def test_a_new_rule_puts_right_what_was_paid_since_its_day_and_no_day_before(paid, held, ines, omar):
    session_day = held.starts_at.date()
    an_agreement(ines, omar, 70_00, from_on=session_day + timedelta(days=1))
    assert owed(ines) == 72_00
    raised = an_agreement(ines, omar, 70_00, from_on=session_day)
    assert owed(ines) == 84_00
    services.withdraw(raised, zone=the_practice().zone, by=omar, now=NOW)
    db.session.commit()
    assert owed(ines) == 72_00
    assert [line.share_cents for line in db.session.query(ShareLine).order_by(ShareLine.id)] == [72_00, 12_00, -12_00]


def test_what_a_rule_would_do_is_told_before_it_is_agreed(paid, ines):
    zone = the_practice().zone
    would = services.effect(ines, zone=zone, new=Agreed("fixed", 80_00, "USD", date(2026, 1, 1), None))
    assert (would.sessions, would.added) == (1, (Money(8_00, "USD"),))
    assert owed(ines) == 72_00


def test_a_session_that_moved_under_another_rule_follows_at_once(paid, held, ines, omar):
    an_agreement(ines, omar, 70_00, from_on=held.starts_at.date() + timedelta(days=7))
    moving.move(held, starts_at=held.starts_at + timedelta(days=7), by=ines, now=NOW)
    db.session.commit()
    assert owed(ines) == 84_00
    jobs.reckon_nightly(NOW)
    assert owed(ines) == 84_00


def test_sessions_sold_ahead_are_shared_when_they_are_billed_not_when_they_are_bought(
    agreed, ines, alice, omar, service
):
    package = Package(
        service_id=service.id,
        sessions=3,
        unit_cents=100_00,
        currency="USD",
        valid_days=90,
        made_at=NOW,
        made_by_id=omar.id,
    )
    db.session.add(package)
    db.session.commit()
    sold = packages.sell(package, alice, by=alice, form_key=uuid4().hex, now=NOW)
    paid_by_hand(alice, package.price, omar, {sold.invoice_id: package.price})
    assert owed(ines) == 0
    booking.confirm(a_hold(service, alice), now=NOW)
    db.session.commit()
    assert owed(ines) == 60_00


@pytest.mark.parametrize(("kind", "value", "share"), [("percent", 60_00, 18_00), ("fixed", 70_00, 0)])
def test_an_addition_is_shared_by_percent_and_never_by_a_second_fixed_share(ines, alice, omar, kind, value, share):
    an_agreement(ines, omar, value, kind=kind)
    session = an_appointment(ines, alice)
    addition = invoicing.draw_up(
        client=alice,
        counselor_id=ines.id,
        amount=dollars(30),
        parts=[invoicing.Part("More", 1, 30_00)],
        addition_to_id=session.id,
        now=NOW,
    )
    paid_by_hand(alice, dollars(30), omar, {addition.id: dollars(30)})
    assert owed(ines) == share


def test_the_database_lets_nobody_change_what_was_shared_or_agreed(paid, agreed, ines):
    for statement in (
        "UPDATE share_lines SET share_cents = 1",
        "DELETE FROM share_lines",
        "UPDATE share_rules SET value = 1",
        "DELETE FROM share_rules",
    ):
        with pytest.raises(DatabaseError, match="share_"):
            db.session.execute(text(statement))
        db.session.rollback()


@pytest.mark.parametrize(("way", "account"), [("bank", "bank"), ("cash", "cash")])
def test_what_is_paid_by_hand_is_booked_once_and_undone_once(paid, ines, omar, way, account):
    asked = Paying(way, Money(72_00, "USD"), NOW.date(), "Standing order", uuid4().hex)
    made = services.pay(ines, asked, by=omar, now=NOW)
    assert services.pay(ines, asked, by=omar, now=NOW) is made
    db.session.commit()
    assert (owed(ines), accounts()[account]) == (0, -72_00)
    for _ in range(2):
        services.undo(made, by=omar, now=NOW)
    db.session.commit()
    assert owed(ines) == 72_00
    assert unbalanced() == []


def test_what_changed_meanwhile_is_said_and_not_paid(paid, ines, omar):
    asked = Paying("bank", Money(80_00, "USD"), NOW.date(), "", uuid4().hex)
    with pytest.raises(services.CannotPayError, match=r"\$72.00 is owed now"):
        services.pay(ines, asked, by=omar, now=NOW)


def test_what_goes_back_after_it_was_paid_is_owed_by_the_counselor(paid, ines, omar):
    services.pay(ines, Paying("bank", Money(72_00, "USD"), NOW.date(), "", uuid4().hex), by=omar, now=NOW)
    give_back(paid, 120_00)
    assert owed(ines) == -72_00
