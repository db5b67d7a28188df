"""A fee that was charged is explained by letter, objected to in the client's own words, and answered by a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from billing import queries
from billing.autopay import queries as autopay
from billing.models import Refund
from booking import services
from booking.fees import letters, objections
from booking.fees import services as fees
from booking.models.objections import KEPT, LET_GO
from booking.refusals import NotAllowedError
from booking.terms import WHOLE_PRICE, Fee
from practice.core.db import db
from practice.core.outbox import OutboxMessage
from tests.billing.builders import a_paid
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_offer

LATE = WEDNESDAY_AT_TEN - timedelta(hours=2)
WORDS = "My train stood still for two hours."


@pytest.fixture
def charged(ines, alice, omar, payments):
    """A fee of $60 that Ines charged for a session Alice had paid and called off too late."""
    fees.set_rules(Fee("percent", 50), WHOLE_PRICE, by=omar)
    paid = a_paid(a_hold(an_offer(ines), alice), payments).appointment
    services.cancel(paid, by=alice, now=LATE)
    fee = fees.charge(fees.of(paid), by=ines, now=LATE)
    db.session.commit()
    return fee


def letter(kind):
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).one()
    return message, letters._write(kind, message, LATE)


def refunded():
    return [refund.amount_cents for refund in db.session.query(Refund).order_by(Refund.id)]


def test_the_clients_payments_lead_to_what_the_fee_is_for(charged, alice, as_):
    page = as_(alice).get("/billing").text
    assert page.count(f'href="/fees/{charged.id}"') == 1


def test_a_letter_says_what_is_charged_why_and_how_to_object(charged, alice):
    fees.charge(charged, by=charged.appointment.counselor, now=LATE)
    message, mail = letter("booking.fee_charged")
    assert (message.recipient_id, mail.to) == (alice.id, alice.email)
    assert mail.subject.startswith("A fee of $60.00 for Wed")
    for part in (mail.text, mail.html):
        assert "cancelled later than agreed" in part
        assert "in your own words" in part
        assert f"/fees/{charged.id}" in part
        assert charged.appointment.service.name not in part


def test_a_letter_about_a_fee_let_go_meanwhile_is_not_sent(charged, alice, ines):
    made = objections.object_to(charged, words=WORDS, by=alice, now=LATE)
    objections.answer(made, outcome=LET_GO, words="Of course.", by=ines, now=LATE)
    assert letter("booking.fee_charged")[1] is None
    assert letter("booking.fee_objected")[1] is None
    assert "is let go" in letter("booking.fee_answered")[1].text


def test_a_client_objects_once_and_the_counselor_lets_the_fee_go(as_, charged, alice, ines):
    page = f"/fees/{charged.id}"
    client = as_(alice)
    assert "Does this not seem right?" in client.get(page).text
    assert client.post(f"{page}/objection", data={"words": " "}).status_code == 422
    assert client.post(f"{page}/objection", data={"words": WORDS}).location == page
    assert "Somebody reads what you wrote" in client.get(page).text
    again = client.post(f"{page}/objection", data={"words": "And another thing"})
    assert again.status_code == 409
    assert "already written" in again.text
    counselor = as_(ines)
    assert "Somebody objects to a fee" in counselor.get("/today").text
    assert WORDS.replace("'", "&#39;") in counselor.get("/fees").text
    answer = {"outcome": "let_go", "answer": ""}
    refused = counselor.post(f"{page}/objection/answer", data=answer)
    assert refused.status_code == 422
    assert "Write a few words" in refused.text
    for _ in range(2):
        said = counselor.post(f"{page}/objection/answer", data=answer | {"answer": "Trains. Let it be."})
        assert said.location == "/fees"
    assert refunded() == [60_00, 60_00]
    read = as_(alice).get(page).text
    assert "The fee was let go" in read
    assert "Trains. Let it be." in read


def test_a_fee_that_is_kept_stays_and_says_why(charged, alice, omar, as_):
    made = objections.object_to(charged, words=WORDS, by=alice, now=LATE)
    objections.answer(made, outcome=KEPT, words="The terms say a day before.", by=omar, now=LATE)
    with pytest.raises(NotAllowedError, match="answered meanwhile"):
        objections.answer(made, outcome=LET_GO, words="After all.", by=omar, now=LATE)
    db.session.commit()
    assert (charged.status, refunded()) == ("charged", [60_00])
    assert "The terms say a day before." in as_(alice).get(f"/fees/{charged.id}").text


def test_nothing_is_charged_by_itself_and_nothing_asked_for_once_an_unpaid_fee_is_let_go(ines, alice, omar):
    fees.set_rules(Fee("percent", 50), WHOLE_PRICE, by=omar)
    booked = a_booking(an_offer(ines), alice)
    services.cancel(booked, by=alice, now=LATE)
    fee = fees.charge(fees.of(booked), by=ines, now=LATE)
    assert not autopay.is_undecided(booked)
    made = objections.object_to(fee, words=WORDS, by=alice, now=LATE)
    assert autopay.is_undecided(booked)
    assert queries.of_appointment(booked).due.cents == 60_00
    objections.answer(made, outcome=LET_GO, words="Of course.", by=ines, now=LATE)
    assert not autopay.is_undecided(booked)
    assert queries.of_appointment(booked).due.cents == 0


def test_a_fee_is_its_own_client_s_business(as_, charged, ben, clara, ines):
    page = f"/fees/{charged.id}"
    assert as_(ben).get(page).status_code == 404
    assert as_(ben).post(f"{page}/objection", data={"words": WORDS}).status_code == 404
    assert as_(ines).get(page).status_code == 404
    objections.object_to(charged, words=WORDS, by=charged.appointment.client, now=LATE)
    db.session.commit()
    assert WORDS not in as_(clara).get("/fees").text
    answer = as_(clara).post(f"{page}/objection/answer", data={"outcome": "let_go", "answer": "Fine"})
    assert answer.status_code == 404
