"""Payments that a bank asks back: heard of, booked in any order, answered once and without a clinical word."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from billing import webhooks
from billing.disputes import jobs, letters, packet, queries, services
from billing.disputes.models import Dispute
from billing.settlements import services as settlements
from booking.models.services import Service
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.money import Money
from practice.core.outbox import OutboxMessage
from tests.billing.builders import a_paid, accounts, unbalanced
from tests.booking.builders import a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW
from tests.support.fake_payments import SIGNATURE
from video.models import Room, RoomEvent

FEE = Money(120_00, "USD")


@pytest.fixture
def paid(ines, alice, omar, payments):
    return a_paid(a_hold(an_offer(ines), alice), payments)


@pytest.fixture
def opened(paid, payments):
    """A dispute that the bank has just opened, and that we heard of."""
    made = payments.ask_back(paid.intent_id, FEE)
    assert hear(payments, "charge.dispute.created", made) == "applied"
    return the_dispute()


def hear(payments, kind, about):
    return webhooks.receive(payments, payments.read_event(payments.event(kind, about), SIGNATURE), now=NOW)


def the_dispute() -> Dispute:
    return db.session.query(Dispute).populate_existing().one()


def a_room(appointment) -> Room:
    return db.session.query(Room).filter_by(appointment_id=appointment.id).one()


def test_a_dispute_holds_the_money_back_and_tells_the_office(opened, omar):
    assert accounts() == {"disputed": 120_00, "income": -120_00}
    assert opened.can_be_answered
    letters = db.session.query(OutboxMessage).filter_by(subject_kind="dispute")
    assert sorted(letter.kind for letter in letters) == ["billing.dispute", "billing.dispute_due"]
    assert {letter.recipient_id for letter in letters} == {omar.id}


def test_an_inquiry_takes_no_money(paid, payments):
    hear(payments, "charge.dispute.created", payments.ask_back(paid.intent_id, FEE, inquiry=True))
    assert accounts() == {"clearing": 120_00, "income": -120_00}
    assert the_dispute().stage == "asked"


@pytest.mark.parametrize(
    ("ends", "books"),
    [
        (("won",), {"clearing": 120_00, "income": -120_00}),
        (("lost",), {"written_off": 120_00, "income": -120_00}),
        (("lost", "won"), {"clearing": 120_00, "income": -120_00}),
    ],
)
def test_whatever_order_the_news_comes_in_the_end_is_the_same(paid, payments, ends, books):
    first = payments.ask_back(paid.intent_id, FEE)
    states = [first, *(payments.decide(first.id, stage) for stage in ends)]
    for order in permutations(states):
        for state in order:
            services.apply(state, now=NOW)
        db.session.commit()
        assert accounts() == books
    assert unbalanced() == []


def test_news_repeated_counts_once(opened, payments):
    won = payments.decide(opened.provider_id, "won")
    for kind in ("charge.dispute.closed", "charge.dispute.funds_reinstated", "charge.dispute.closed"):
        assert hear(payments, kind, won) == "applied"
    assert accounts() == {"clearing": 120_00, "income": -120_00}


def test_a_dispute_that_nobody_told_us_of_is_found_on_the_statement(paid, payments):
    payments.ask_back(paid.intent_id, FEE)
    settlements.read(payments, now=NOW)
    assert the_dispute().stage == "asked"
    assert accounts() == {"disputed": 120_00, "clearing": -18_78, "fees": 18_78, "income": -120_00}


def test_a_stranger_s_dispute_is_ignored(app, payments):
    assert hear(payments, "charge.dispute.created", payments.ask_back("pi_of_nobody", FEE)) == "ignored"


def test_the_packet_says_what_is_known_and_names_no_service(opened):
    service = db.session.get(Service, opened.payment.appointment.service_id)
    service.name = "Trauma therapy"
    db.session.flush()
    said = packet.of(opened, zone="UTC")
    assert said.service_date == "2026-11-25"
    assert "Appointment" in said.description.title()
    assert "50 minutes" in said.description
    assert "24 hours" in said.policy or "SHA-256" in said.policy
    assert "rauma" not in "".join(said.as_json().values())
    assert opened.payment.appointment.counselor.name not in "".join(said.as_json().values())


def test_the_packet_says_which_letters_arrived_and_how_long_both_were_connected(opened, alice, ines, clock):
    appointment = opened.payment.appointment
    clock.advance(minutes=5)
    while deliver_due("tests"):
        pass
    starts, room = appointment.starts_at, a_room(appointment)
    log = ((ines, "joined", 0), (alice, "joined", 2), (alice, "left", 47), (ines, "left", 50))
    for number, (person, event, minute) in enumerate(log, start=1):
        at = starts + timedelta(minutes=minute)
        seen = {"person_id": person.id, "event": event, "at": at, "server": "s", "number": number, "received_at": at}
        room.events.append(RoomEvent(**seen))
    db.session.flush()
    said = packet.of(opened, zone="America/New_York")
    assert "Confirmation sent by e-mail on 2026-11-23" in said.contacts
    assert "Accepted by the customer on 2026-11-23" in said.policy
    assert "The customer was connected from 2026-11-25 10:02 EST to 2026-11-25 10:47 EST, 45 minutes" in said.attendance
    assert "45 of them with both sides present" in said.attendance


def test_an_answer_is_sent_once(as_, omar, opened, payments):
    office, url = as_(omar), f"/disputes/{opened.id}"
    db.session.commit()
    assert "Send the answer" in office.get(url).text
    refused = office.post(f"{url}/answer", data={"words": "They were there."})
    assert refused.status_code == 422
    assert "They were there." in refused.text
    said = {"words": "They were there.", "read": "1"}
    assert "The answer is sent" in office.post(f"{url}/answer", data=said, follow_redirects=True).text
    assert office.post(f"{url}/answer", data=said).status_code == 409
    assert [answer.words for answer in payments.answers] == ["They were there."]
    assert the_dispute().stage == "reviewed"


def test_an_answer_whose_reply_was_lost_is_found_and_not_sent_again(as_, omar, opened, payments):
    number = opened.id
    payments.lost = True
    db.session.commit()
    page = as_(omar).post(f"/disputes/{number}/answer", data={"words": "", "read": "1"}, follow_redirects=True).text
    assert "did not answer" in page
    jobs.send_answers(NOW)
    assert the_dispute().sent_at
    assert the_dispute().problem == ""
    assert len(payments.answers) == 1


def test_a_dispute_is_accepted_once_and_booked_as_lost(as_, omar, opened, payments):
    office, url = as_(omar), f"/disputes/{opened.id}"
    db.session.commit()
    assert "Or accept it" in office.get(url).text
    assert office.post(f"{url}/acceptance", data={}).status_code == 422
    for _ in range(2):
        assert office.post(f"{url}/acceptance", data={"accept": "1"}).status_code == 303
    assert "The practice accepted it" in office.get(url).text
    assert accounts() == {"written_off": 120_00, "income": -120_00}
    assert payments.disputes[opened.provider_id].stage == "lost"
    assert office.post(f"{url}/answer", data={"words": "", "read": "1"}).status_code == 409
    hear(payments, "charge.dispute.closed", payments.disputes[opened.provider_id])
    assert unbalanced() == []


@pytest.mark.parametrize("reached", [True, False])
def test_an_acceptance_that_got_lost_is_found_or_told_again(as_, omar, opened, payments, reached):
    number = opened.id
    payments.lost, payments.down = reached, not reached
    db.session.commit()
    page = as_(omar).post(f"/disputes/{number}/acceptance", data={"accept": "1"}, follow_redirects=True).text
    assert "did not answer" in page
    payments.lost = payments.down = False
    for _ in range(2):
        jobs.send_answers(NOW)
    assert (the_dispute().stage, the_dispute().problem) == ("lost", "")
    assert accounts() == {"written_off": 120_00, "income": -120_00}


def test_what_the_bank_has_is_not_refunded_besides_and_the_receipt_says_where_it_is(
    as_, alice, omar, opened, paid, payments
):
    refund, receipt = f"/payments/{paid.id}/refund", f"/payments/{paid.id}/receipt"
    form = {"amount": "120", "reason": "goodwill", "key": "k" * 32, "step": "confirm", "way": "credit"}
    db.session.commit()
    assert "accept the dispute" in as_(omar).get(refund).text
    assert as_(omar).post(refund, data=form).status_code == 409
    assert "The bank holds $120.00" in as_(alice).get(receipt).text
    hear(payments, "charge.dispute.closed", payments.decide(opened.provider_id, "lost"))
    assert "a second time" in as_(omar).get(refund).text
    assert "The bank gave $120.00 back" in as_(alice).get(receipt).text
    hear(payments, "charge.dispute.closed", payments.decide(opened.provider_id, "won"))
    assert "The bank" not in as_(alice).get(receipt).text
    assert "At most $120.00 is left" in as_(omar).get(refund).text


def test_a_question_of_the_bank_is_not_accepted_but_refunded(as_, omar, paid, payments):
    hear(payments, "charge.dispute.created", payments.ask_back(paid.intent_id, FEE, inquiry=True))
    url = f"/disputes/{the_dispute().id}"
    db.session.commit()
    assert "give the payment back" in as_(omar).get(url).text
    assert as_(omar).post(f"{url}/acceptance", data={"accept": "1"}).status_code == 409


def test_too_late_is_said_and_nothing_is_kept(as_, omar, opened, clock):
    db.session.commit()
    number = opened.id
    clock.advance(days=10)
    answer = as_(omar).post(f"/disputes/{number}/answer", data={"words": "Please", "read": "1"})
    assert answer.status_code == 409
    assert "no answer any more" in answer.text
    assert "Please" in answer.text
    assert the_dispute().answer is None


def test_what_is_not_settled_is_asked_about(opened, payments):
    payments.decide(opened.provider_id, "lost")
    later = NOW + timedelta(hours=2)
    for provider_id in services.undecided(now=later):
        services.look_up(payments, provider_id, now=later)
    assert the_dispute().stage == "lost"
    assert queries.to_answer() == 0


def test_the_letter_names_nobody(opened, omar, alice, mailer, app):
    message = db.session.query(OutboxMessage).filter_by(kind="billing.dispute").one()
    mail = letters.arrived(message, NOW)
    assert mail.to == omar.email
    assert "$120.00" in mail.subject
    assert alice.name not in mail.text


def test_the_payment_and_the_day_say_it(as_, omar, opened):
    db.session.commit()
    office = as_(omar)
    assert "Open the dispute" in office.get(f"/payments/{opened.payment_id}").text
    assert "A dispute waits for an answer" in office.get("/day").text
    assert "Disputes" in office.get("/disputes").text


def test_nobody_else_sees_disputes(as_, ines, alice, opened):
    db.session.commit()
    for person in (ines, alice):
        assert as_(person).get("/disputes").status_code in {403, 404}
