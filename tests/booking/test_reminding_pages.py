"""The pages about reminders: a client's choices, a counselor's plan, the one-time link, every message, the webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from booking.models.appointments import Appointment
from booking.models.reminding import AttendanceAnswer, ReminderChoice, TextConsent
from booking.models.services import Service
from booking.reminding import planning
from practice.core.carriers import RefusedError
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.core.outbox import OutboxMessage
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingMailer, RecordingTexter
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]
SIGNED = {"X-Twilio-Signature": "signed"}
PHONE = "+12125550142"


@pytest.fixture
def offer(ines: Person) -> Service:
    return an_offer(ines)


@pytest.fixture
def booked(offer: Service, alice: Person) -> Appointment:
    return a_booking(offer, alice)


def link_of(appointment: Appointment) -> str:
    message = (
        db.session.query(OutboxMessage)
        .filter_by(kind=planning.KIND, recipient_id=appointment.client_id, state="planned")
        .order_by(OutboxMessage.id.desc())
        .first()
    )
    assert message is not None
    return f"/r/{message.payload['link']}"


def test_looking_at_the_link_changes_nothing_and_pressing_confirms_once(
    booked: Appointment, client: PageClient
) -> None:
    link = link_of(booked)
    shown = client.get(link).text
    assert "I will be there" in shown
    assert "Wednesday 25 November, 10:00" in shown
    assert "Individual session" not in shown  # what it is for is nobody's business who holds the telephone
    assert db.session.query(AttendanceAnswer).count() == 0
    assert client.post(f"{link}/attendance").status_code == 303
    assert "Thank you" in client.get(link).text
    assert client.post(f"{link}/attendance").status_code == 409
    assert client.post(f"{link}/cancellation").status_code == 409
    assert (db.session.query(AttendanceAnswer).count(), booked.status) == (1, "confirmed")


def test_the_link_cancels_and_is_dead_then(booked: Appointment, client: PageClient) -> None:
    link = link_of(booked)
    assert "nothing is charged" in client.get(link).text
    assert client.post(f"{link}/cancellation").status_code == 303
    assert "This appointment is cancelled" in client.get(link).text
    assert client.get(f"{link}/move").text.count("This appointment is cancelled") >= 1
    db.session.expire_all()
    assert (booked.status, booked.cancelled_by_id) == ("cancelled", booked.client_id)


def test_the_link_moves_and_the_old_one_says_where_it_went(booked: Appointment, client: PageClient) -> None:
    link = link_of(booked)
    [others] = [
        each
        for each in db.session.query(OutboxMessage).filter_by(kind=planning.KIND, recipient_id=booked.client_id)
        if f"/r/{each.payload['link']}" != link
    ]
    stamp = re.findall(r"starts_at=([^\"&]+)", client.get(f"{link}/move").text)[-1].replace("%3A", ":")
    assert "Move to this time?" in client.get(f"{link}/move?starts_at={stamp}").text
    assert client.post(f"{link}/move", data={"starts_at": "never"}).status_code == 422
    assert client.post(f"{link}/move", data={"starts_at": "2026-11-29T03:00Z"}).status_code == 409
    assert client.post(f"{link}/move", data={"starts_at": stamp}).status_code == 303
    assert "This is the new time" in client.get(link).text
    moved = client.get(f"/r/{others.payload['link']}").text
    assert "Your appointment has moved" in moved
    assert "It is now:" in moved
    assert "I will be there" in client.get(link_of(booked)).text


def test_the_link_is_dead_once_it_has_begun_and_an_unknown_one_leads_nowhere(
    booked: Appointment, client: PageClient, clock: FrozenClock
) -> None:
    clock.instant = WEDNESDAY_AT_TEN
    link = link_of(booked)
    assert "has begun" in client.get(link).text
    assert client.post(f"{link}/attendance").status_code == 409
    assert client.get("/r/nothing").status_code == 404
    assert link.removeprefix("/r/") not in str(db.session.execute(db.text("SELECT * FROM reminder_links")).all())


def test_close_to_the_start_the_link_says_what_cancelling_means_and_does_not_move(
    booked: Appointment, client: PageClient, clock: FrozenClock
) -> None:
    clock.instant = WEDNESDAY_AT_TEN - timedelta(hours=3)
    link = link_of(booked)
    shown = client.get(link).text
    assert "a fee may be due" in shown
    assert "Choose another time" not in shown
    assert "can no longer be moved" in client.get(f"{link}/move").text
    assert client.post(f"{link}/cancellation").status_code == 303
    db.session.expire_all()
    assert booked.cancelled_late


def test_a_client_says_on_the_sessions_page_that_they_will_be_there(
    booked: Appointment, as_: As, alice: Person, ben: Person, ines: Person
) -> None:
    assert "Alice has not confirmed yet" in as_(ines).get(f"/appointments/{booked.id}").text
    assert as_(ben).post(f"/appointments/{booked.id}/attendance/confirmation").status_code == 404
    as_(alice).post(f"/appointments/{booked.id}/attendance/confirmation")
    assert "You have said that you will be there" in as_(alice).get(f"/appointments/{booked.id}").text


def test_a_client_chooses_reminders_and_odd_values_come_back_in_words(as_: As, alice: Person) -> None:
    browser = as_(alice)
    assert "Reminders" in browser.get("/reminders").text
    chosen = {"channels": ["email"], "minutes": ["60"], "quiet_from": "22:30", "quiet_until": "07:00"}
    assert browser.post("/reminders", data=chosen).status_code == 303
    choice = db.session.get_one(ReminderChoice, alice.id)
    assert (choice.by_email, choice.by_sms, 60 in choice.skipped, 1440 in choice.skipped) == (True, False, False, True)
    assert (choice.quiet_from, choice.quiet_until) == (22 * 60 + 30, 7 * 60)
    wrong = browser.post("/reminders", data=chosen | {"channels": ["email", "sms"], "quiet_from": "25:00"})
    assert wrong.status_code == 422
    assert "Confirm your telephone first" in wrong.text
    assert "Enter a time like 14:30" in wrong.text


def test_a_client_gives_and_takes_back_leave_to_text(
    as_: As, alice: Person, texter: RecordingTexter, clock: FrozenClock
) -> None:
    browser = as_(alice)
    for data, words in (
        ({"phone": "12", "consent": "1"}, "Enter a mobile number with its country code"),
        ({"phone": PHONE}, "Tick this to agree"),
        ({"consent": "1"}, "Enter the number texts should go to"),
    ):
        refused = browser.post("/reminders/telephone", data=data)
        assert (refused.status_code, words in refused.text) == (422, True)
    assert browser.post("/reminders/telephone", data={"phone": "(212) 555-0142", "consent": "1"}).status_code == 303
    deliver_due("tests")
    code = re.findall(r"\d{6}", texter.to(PHONE)[0])[0]
    wrong = browser.post("/reminders/telephone/code", data={"code": "nothing"})
    assert (wrong.status_code, "That is not the code we sent" in wrong.text) == (422, True)
    assert browser.post("/reminders/telephone/code", data={"code": f" {code[:3]} {code[3:]}"}).status_code == 303
    assert PHONE in browser.get("/reminders").text
    consent = db.session.query(TextConsent).filter_by(person_id=alice.id).one()
    assert (consent.given_at, "You agree that Stillpoint" in consent.words) == (clock.now(), True)
    assert browser.post("/reminders/telephone/end").status_code == 303
    db.session.expire_all()
    assert (consent.ended_at, consent.ended_by) == (clock.now(), "page")


def test_a_counselor_plans_the_reminders_of_a_service_of_their_own(
    as_: As, ines: Person, clara: Person, offer: Service
) -> None:
    browser = as_(ines)
    page = f"/services/{offer.id}/reminders"
    assert "1 week before" in browser.get(page).text
    wrong = browser.post(page, data={"at_10080": ["email"], "counselor_minutes": "7"})
    assert (wrong.status_code, "Choose when you want your own letter" in wrong.text) == (422, True)
    wanted = {"at_10080": ["email"], "at_120": ["email", "sms"], "counselor_minutes": "0"}
    assert browser.post(page, data=wanted).status_code == 303
    terms = planning.terms_of(offer.id)
    assert [(each.minutes, len(each.channels)) for each in terms.offsets] == [(10080, 1), (120, 2)]
    assert terms.counselor_minutes is None
    assert browser.post(page, data=wanted | {"at_120": ["sms"]}).status_code == 303
    assert as_(clara).get(page).status_code == 404


def test_staff_find_messages_and_send_a_refused_one_again(
    as_: As, omar: Person, booked: Appointment, alice: Person, mailer: RecordingMailer, clock: FrozenClock
) -> None:
    mailer.refusal = RefusedError("550 no such mailbox", "550")
    deliver_due("tests")
    mailer.refusal = None
    browser = as_(omar)
    shown = browser.get("/messages?state=failed&who=alice").text
    assert "The mailbox does not exist" in shown
    assert "Send again" in shown
    assert "No message like that" in browser.get("/messages?channel=sms&since=2026-11-23&until=2026-11-24").text
    assert "could not be read" in browser.get("/messages?since=yesterday").text
    failed = db.session.query(OutboxMessage).filter_by(recipient_id=alice.id, state="failed").one()
    assert browser.post(f"/messages/{failed.id}/again", data={"state": "failed"}).status_code == 303
    deliver_due("tests")
    assert len(mailer.to("alice@example.org")) == 1
    browser.post(f"/messages/{failed.id}/again")
    assert len(mailer.to("alice@example.org")) == 1


def test_an_empty_outbox_is_said_to_be_empty(as_: As, omar: Person) -> None:
    assert "No messages yet" in as_(omar).get("/messages").text


def test_only_the_provider_may_bring_texts_and_reports(client: PageClient, alice: Person) -> None:
    asked = {"id": "SM1", "from": PHONE, "body": "HELP"}
    assert client.post("/webhooks/texts", data=asked).status_code == 403
    assert client.post("/webhooks/texts/1", data={"id": "SM1", "fate": "delivered"}).status_code == 403
    told = client.post("/webhooks/texts", data=asked, headers=SIGNED)
    assert (told.status_code, "hello@stillpoint.example" in told.text) == (200, True)
    assert client.post("/webhooks/texts/1", data={"id": "SM1", "fate": "sent"}, headers=SIGNED).status_code == 204


def test_a_delivered_text_is_shown_as_delivered(
    as_: As, client: PageClient, omar: Person, alice: Person, clock: FrozenClock, texter: RecordingTexter
) -> None:
    as_(alice).post("/reminders/telephone", data={"phone": PHONE, "consent": "1"})
    deliver_due("tests")
    message = db.session.query(OutboxMessage).filter_by(channel="sms").one()
    assert message.provider_id == "SM1"
    report = {"id": "SM1", "fate": "delivered"}
    assert client.post(f"/webhooks/texts/{message.id}", data=report, headers=SIGNED).status_code == 204
    assert "Delivered" in as_(omar).get("/messages?state=delivered").text
    assert clock.now() == MONDAY_MORNING


def test_a_letter_that_came_back_is_noted_and_not_sent_again(
    as_: As, omar: Person, booked: Appointment, mailer: RecordingMailer
) -> None:
    deliver_due("tests")
    message = db.session.query(OutboxMessage).filter_by(kind="booking.confirmed", recipient_id=booked.client_id).one()
    browser = as_(omar)
    shown = browser.get("/messages?channel=email").text
    assert ("With the mail server" in shown, "It came back" in shown) == (True, True)
    assert browser.post(f"/messages/{message.id}/return").status_code == 303
    failed = browser.get("/messages?state=failed").text
    assert ("Ask the person for another address" in failed, "Send again" in failed) == (True, False)
    assert browser.post(f"/messages/{message.id}/return").status_code == 303
    assert "Only a letter that the mail server took" in browser.get("/messages").text
