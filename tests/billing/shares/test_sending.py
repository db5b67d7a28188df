"""Transfers by the card company: sent once, found when an answer got lost, tried again, booked when they come back."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from billing import webhooks
from billing.matching import services as match
from billing.settlements import services as settlements
from billing.shares import jobs, queries, sending, services
from billing.shares.agreeing import Paying
from billing.shares.models import SharePayment
from practice.core.db import db
from practice.core.money import Money
from practice.models import Person
from tests.billing.builders import a_paid, accounts, unbalanced
from tests.billing.shares.scenes import an_agreement, owed
from tests.billing.test_killed import Death, KilledError, Mortal, commits_are_steps
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE

SHARE = Money(72_00, "USD")
LATER = NOW + timedelta(hours=7)
MOST_STEPS = 30


@pytest.fixture
def paid(ines, omar, held, payments):
    an_agreement(ines, omar)
    services.name_account(ines, "acct_ines", by=omar, now=NOW)
    return a_paid(held, payments)


@pytest.fixture
def promised(paid, ines, omar):
    """A transfer of all that is owed, promised and not sent."""
    return promise(ines, omar)


def promise(ines, omar, key=""):
    asked = Paying("transfer", queries.owed_to(ines.id, "USD"), NOW.date(), "", key or uuid4().hex)
    made = services.pay(ines, asked, by=omar, now=NOW)
    number = made.id
    db.session.commit()
    return number


def state_of(number):
    return db.session.get_one(SharePayment, number, populate_existing=True).state


def hear(payments, kind, about, **more):
    event = payments.read_event(payments.event(kind, about, **more), SIGNATURE)
    return webhooks.receive(payments, event, now=NOW)


def test_a_transfer_is_promised_sent_and_booked(promised, ines, payments):
    assert (owed(ines), queries.owed_to(ines.id, "USD").cents) == (72_00, 0)
    db.session.commit()
    assert sending.send(payments, promised, now=NOW).state == "done"
    sending.send(payments, promised, now=NOW)
    [sent] = payments.sent.values()
    assert (sent.amount, sent.account_id) == (SHARE, "acct_ines")
    assert accounts() == {"clearing": 48_00, "income": -120_00, "shares": 72_00}


def test_an_answer_that_got_lost_is_found_and_nothing_is_sent_twice(promised, payments):
    payments.lost = True
    made = sending.send(payments, promised, now=NOW)
    assert (made.state, made.problem) == ("sending", "lost_answer")
    db.session.commit()
    payments.lost = False
    jobs.send_transfers(NOW)
    assert state_of(promised) == "done"
    assert len(payments.sent) == 1


def test_news_of_a_transfer_whose_answer_got_lost_settles_it(promised, payments):
    payments.lost = True
    sending.send(payments, promised, now=NOW)
    db.session.commit()
    payments.lost = False
    [sent] = payments.sent.values()
    assert hear(payments, "transfer.created", sent, number="evt_1") == "applied"
    assert hear(payments, "transfer.created", sent, number="evt_1") == "again"
    assert state_of(promised) == "done"


def test_without_money_there_it_waits_says_so_and_is_tried_again(promised, ines, payments):
    drawn = payments.pay_out(payments.balance()[0])
    made = sending.send(payments, promised, now=NOW)
    assert (made.state, made.problem, made.attempt) == ("waiting", "balance_insufficient", 1)
    db.session.commit()
    payments.settle_payout(drawn.id, "failed")
    jobs.send_transfers(NOW + timedelta(hours=5))
    assert state_of(promised) == "waiting"
    db.session.commit()
    jobs.send_transfers(LATER)
    assert state_of(promised) == "done"
    assert owed(ines) == 0
    assert unbalanced() == []


def test_what_waits_can_be_called_off_and_what_was_sent_cannot(promised, ines, omar, payments):
    payments.pay_out(payments.balance()[0])
    sending.send(payments, promised, now=NOW)
    sending.call_off(promised, by=omar)
    db.session.commit()
    assert queries.owed_to(ines.id, "USD") == SHARE
    with pytest.raises(sending.TooLateError):
        sending.call_off(promised, by=omar)


def test_a_refusal_ends_it_and_the_share_is_owed_again(promised, ines, payments):
    payments.transfer_problem = "account_invalid"
    assert sending.send(payments, promised, now=NOW).state == "refused"
    assert queries.owed_to(ines.id, "USD") == SHARE


def test_what_comes_back_is_owed_again_whatever_order_the_news_take(paid, ines, omar, payments):
    for order in permutations(range(3)):
        number = promise(ines, omar)
        sending.send(payments, number, now=NOW)
        transfer_id = db.session.get_one(SharePayment, number).transfer_id
        db.session.commit()
        states = [payments.sent[transfer_id]]
        states += [payments.take_back(transfer_id, Money(cents, "USD")) for cents in (20_00, 52_00)]
        for place in order:
            sending.apply(states[place], now=NOW)
            db.session.commit()
        assert owed(ines) == 72_00
        assert db.session.get_one(SharePayment, number).came_back == SHARE
        db.session.commit()
    assert unbalanced() == []


def test_a_reversal_nobody_told_of_is_found_on_the_statement_and_the_match_is_clean(promised, ines, payments):
    sending.send(payments, promised, now=NOW)
    [sent] = payments.sent.values()
    payments.take_back(sent.id, Money(30_00, "USD"))
    settlements.read(payments, now=NOW)
    assert owed(ines) == 30_00
    run = match.run(payments, now=NOW)
    assert (run.found, run.problem, [each["gap"] for each in run.totals]) == (0, "", [0])


def test_a_transfer_from_elsewhere_is_left_to_the_match(paid, payments):
    elsewhere = payments.send_transfer(sending.TransferRequest("somebody else's", "acct_9", Money(5_00, "USD"), ""))
    assert hear(payments, "transfer.created", elsewhere) == "ignored"
    run = match.run(payments, now=NOW)
    assert run.found == 1


def test_whichever_step_is_the_last_a_share_is_sent_once(paid, ines, omar, payments):
    """Every step is a call to the provider, its answer, or a commit; the list of them ends by itself."""
    two = ines.id, omar.id
    for step in range(1, MOST_STEPS):
        death, key = Death(step), f"{step:032d}"
        before = len(payments.sent)
        try:
            with commits_are_steps(death):
                counselor, office = (db.session.get_one(Person, number) for number in two)
                sending.send(Mortal(payments, death), promise(counselor, office, key), now=NOW)
        except KilledError:
            db.session.remove()
        counselor, office = (db.session.get_one(Person, number) for number in two)
        number = promise(counselor, office, key) if owed(counselor) else None  # the same form is sent again
        jobs.send_transfers(NOW)
        assert len(payments.sent) == before + 1, f"step {step}"
        assert owed(counselor) == 0, f"step {step}"
        for sent in list(payments.sent.values())[-1:]:
            sending.apply(payments.take_back(sent.id, sent.amount), now=NOW)
        db.session.commit()
        if death.steps < step:
            break
    else:
        pytest.fail("the steps never end")
    assert step > 8, number
    assert unbalanced() == []


def test_the_office_sends_a_share_with_a_preview_and_calls_off_what_waits(as_, omar, ines, paid, payments):
    office, where = as_(omar), f"/shares/{ines.id}/payment"
    key = office.get(where).text.split('name="key" value="')[1][:32]
    said = {"way": "transfer", "seen": "72.00", "paid_on": "", "reference": "", "key": key}
    assert "acct_ines" in office.post(where, data=said).text
    assert payments.sent == {}
    payments.pay_out(payments.balance()[0])
    page = office.post(where, data=said | {"step": "confirm"}, follow_redirects=True).text
    assert "There is not enough money at the card company yet" in page
    assert "Waits for money" in office.get("/shares").text
    [made] = db.session.query(SharePayment)
    number = made.id
    db.session.commit()
    page = office.post(f"/shares/payments/{number}/calling-off", follow_redirects=True).text
    assert "It is owed again" in page
    assert "on its way already" in office.post(f"/shares/payments/{number}/calling-off", follow_redirects=True).text
