"""Charging by itself: announced, once, again on a schedule, answered at the bank, stopped, and killed anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import event, select

from billing import checking, invoicing
from billing.autopay import jobs, services
from billing.autopay.models import Autopay, Collection
from booking import services as booking
from practice.core.cards import ASKS_CLIENT
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.mail import Mail
from practice.core.payments import Payments
from tests.billing.builders import a_paid, accounts, planned, unbalanced
from tests.billing.cards import a_card
from tests.billing.test_terms import ruled
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_appointment
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import FakePayments

PAID = {"clearing": 120_00, "income": -120_00}
EVENING = datetime.fromisoformat("2026-11-23T23:00:00+00:00")
MORNING = datetime.fromisoformat("2026-11-24T14:00:00+00:00")


@pytest.fixture
def booked(service, alice, payments):
    """A session on Wednesday that Alice did not pay; she agreed to be charged, the day before."""
    made = a_booking(service, alice)
    a_card(alice, payments)
    services.begin(alice, now=NOW)
    db.session.commit()
    return made


@pytest.fixture
def deliver(mailer, clock):
    """Deliver what is due at a time and return the letters to Alice about charges."""

    def delivered(now: datetime) -> list[Mail]:
        clock.advance(seconds=(now - clock.now()).total_seconds())
        db.session.commit()
        while deliver_due("tests"):
            pass
        return [mail for mail in mailer.to("alice@example.org") if "$" in mail.subject]

    return delivered


def collect(now: datetime) -> None:
    """Let the scheduler do its round."""
    jobs.collect(now)


def the_collection() -> Collection:
    return db.session.scalars(select(Collection).execution_options(populate_existing=True)).one()


def states() -> str:
    return the_collection().state


def test_the_evening_before_a_letter_comes_and_in_the_morning_the_charge(booked, payments, deliver):
    collect(NOW)
    assert (states(), planned()) == ("planned", [])
    collect(EVENING)
    assert (states(), payments.charged) == ("told", [])
    [letter] = deliver(EVENING)
    assert "$120.00 will be charged to your card" in letter.subject
    assert "Visa ending 4242" in letter.text
    collect(MORNING - timedelta(minutes=1))
    assert payments.charged == []
    for minutes in (0, 1, 30):
        collect(MORNING + timedelta(minutes=minutes))
    [asked] = payments.charged
    assert (asked.amount.cents, asked.present) == (120_00, False)
    assert (states(), accounts()) == ("done", PAID)


def test_nothing_is_charged_without_an_agreement(service, alice, payments):
    a_booking(service, alice)
    a_card(alice, payments)
    for now in (NOW, EVENING, MORNING):
        collect(now)
    assert (payments.charged, db.session.scalars(select(Collection)).all()) == ([], [])


def test_a_session_booked_with_a_card_on_file_is_charged_as_agreed(service, ines, alice, payments):
    ruled(service, ines, booking="card", first_visit="card", rest="after")
    a_card(alice, payments)
    a_booking(service, alice)
    collect(NOW)
    assert the_collection().charge_at == MORNING + timedelta(days=2)
    for days in (1, 2):
        collect(EVENING + timedelta(days=days))
        collect(MORNING + timedelta(days=days))
    assert (len(payments.charged), accounts()) == (1, PAID)


def test_stopping_takes_two_taps_and_nothing_is_charged(as_, alice, booked, payments):
    collect(NOW)
    collect(EVENING)
    browser = as_(alice)
    assert "Stop automatic payments" in browser.get("/billing/cards").text
    assert "Stopped." in browser.post("/billing/autopay/end", follow_redirects=True).text
    collect(MORNING)
    assert (states(), payments.charged) == ("stopped", [])
    assert browser.post("/billing/autopay").location == "/billing/autopay"
    assert "What I owe for sessions is charged" in browser.get("/billing/autopay").text
    assert len(db.session.scalars(select(Autopay)).all()) == 2
    collect(MORNING)
    assert states() == "told"
    collect(MORNING + timedelta(hours=12))
    assert accounts() == PAID


def test_what_is_paid_or_called_off_meanwhile_is_not_charged(booked, alice, ines, service, payments):
    other = a_booking(service, alice, booked.starts_at + timedelta(hours=3))
    collect(NOW)
    collect(EVENING)
    a_paid(booked, payments, EVENING)
    booking.cancel(other, by=ines, now=EVENING)
    db.session.commit()
    collect(MORNING)
    assert payments.charged == []
    assert {each.state for each in db.session.scalars(select(Collection))} == {"done"}


def test_a_missed_session_is_not_charged_before_somebody_decided(booked, ines, payments):
    missed = booked.ends_at + timedelta(hours=1)
    booking.mark_attended(booked, attended=False, by=ines, now=missed)
    db.session.commit()
    for hours in (0, 13, 26):
        collect(missed + timedelta(hours=hours))
    assert payments.charged == []


def test_a_declined_card_is_tried_four_times_and_each_time_told(booked, payments, deliver):
    payments.card_problem = "insufficient_funds"
    collect(NOW)
    for day in range(12):
        collect(EVENING + timedelta(days=day))
        collect(MORNING + timedelta(days=day))
    assert (len(payments.charged), states()) == (4, "given_up")
    letters = [letter for letter in deliver(MORNING + timedelta(days=12)) if "could not be charged" in letter.subject]
    assert len(letters) == 4
    assert "/billing/cards" in letters[0].text
    assert len({asked.key for asked in payments.charged}) == 4
    assert accounts() == {"receivable": 120_00, "income": -120_00}


def test_a_new_card_is_charged_at_the_next_try(booked, alice, payments):
    payments.card_problem = "expired_card"
    collect(NOW)
    collect(EVENING)
    collect(MORNING)
    payments.card_problem = ""
    a_card(alice, payments, now=MORNING, last4="1881")
    collect(MORNING + timedelta(minutes=1))
    assert [asked.card_id for asked in payments.charged] == ["pm_fake_1", "pm_fake_2"]
    assert accounts() == PAID


def test_the_bank_asks_the_client_by_letter_and_the_answer_pays(as_, alice, booked, payments, deliver):
    payments.card_problem = ASKS_CLIENT
    collect(NOW)
    collect(EVENING)
    collect(MORNING)
    letters = [letter for letter in deliver(MORNING) if "Your bank asks" in letter.subject]
    page = f"/payments/{the_collection().payment_id}/confirmation"
    db.session.commit()
    assert page in letters[0].text
    assert as_(alice).post(page).location == "https://bank.example/confirm/pi_card_1"
    payments.agree("pi_card_1")
    collect(MORNING + timedelta(hours=23))
    assert (states(), accounts(), len(payments.charged)) == ("done", PAID, 1)


def test_a_bank_that_got_no_answer_is_given_up_and_asked_again(booked, payments):
    payments.card_problem = ASKS_CLIENT
    collect(NOW)
    collect(EVENING)
    collect(MORNING)
    assert states() == "asked"
    collect(MORNING + timedelta(hours=23))
    assert payments.payments["pi_card_1"].stage == "cancelled"
    payments.card_problem = ""
    collect(MORNING + timedelta(days=3))
    assert (len(payments.charged), accounts()) == (2, PAID)


def test_more_than_was_announced_is_never_charged(booked, payments):
    collect(NOW)
    collect(EVENING)
    found = the_collection()
    found.told_cents = 100_00
    db.session.commit()
    collect(MORNING)
    assert (payments.charged, the_collection().told_cents) == ([], 120_00)
    collect(MORNING + timedelta(hours=12))
    assert accounts() == PAID


class KilledError(BaseException):
    """The process ends here."""


@dataclass
class Killing:
    """A process that is killed at its n-th step: before or after a call to the provider, or before a commit."""

    inner: FakePayments
    left: int

    def __getattr__(self, name: str) -> Callable[..., object]:
        call = getattr(self.inner, name)

        def counted(*args: object, **kwargs: object) -> object:
            self.step()
            answer = call(*args, **kwargs)
            self.step()
            return answer

        return counted

    def step(self, *_of: object) -> None:
        """End here when it is time."""
        self.left -= 1
        if self.left == 0:
            raise KilledError


def die_at(number: int, payments: FakePayments, collection_id: int, now: datetime) -> bool:
    """Run a process that is killed at a step; tell whether it lived to the end."""
    killing, session = Killing(payments, number), db.session()
    event.listen(session, "before_commit", killing.step)
    try:
        services.go_on(cast(Payments, killing), collection_id, now=now)
    except KilledError:
        return False
    else:
        return True
    finally:
        event.remove(session, "before_commit", killing.step)
        db.session.rollback()


def test_killed_between_any_two_steps_nobody_is_charged_twice(ines, service, alice, payments):
    """Each step in turn is the last one of a process; another process goes on from what is on disk."""
    a_card(alice, payments)
    services.begin(alice, now=NOW)
    steps, lived = 0, False
    while not lived:
        steps += 1
        invoicing.issue(an_appointment(ines, alice, WEDNESDAY_AT_TEN + timedelta(days=steps)), now=NOW)
        db.session.commit()
        now = MORNING + timedelta(days=steps)
        collect(now - timedelta(days=2))
        collect(now - timedelta(hours=15))
        number = max(db.session.scalars(select(Collection.id)))
        lived = die_at(steps, payments, number, now)
        for minutes in (11, 22, 33, 44):
            checking.check_undecided(payments, now=now + timedelta(minutes=minutes))
            collect(now + timedelta(minutes=minutes))
        assert db.session.get(Collection, number, populate_existing=True).state == "done", f"step {steps}"
        taken = [made for made in payments.payments.values() if made.stage == "succeeded"]
        assert len(taken) == steps, f"step {steps}"
        assert accounts() == {"clearing": steps * 120_00, "income": -steps * 120_00}
    assert steps > 8
    assert unbalanced() == []
    assert checking.compare().difference_cents == 0
