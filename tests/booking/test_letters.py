from datetime import timedelta

import icalendar
import pytest

from booking import services
from booking.letters import entry_for
from practice.core import outbox
from practice.core.carriers import CarrierDownError
from practice.core.db import db
from practice.core.delivery import deliver_due
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer
from tests.fakes import MONDAY_MORNING

HOUR = timedelta(hours=1)
TELLING = ("therapy", "therapist", "counsel", "clinical", "session", "treatment", "mental", "anxiety")


@pytest.fixture
def send(app, clock):
    def _send(now=None):
        db.session.commit()
        clock.instant = now or clock.instant
        while deliver_due("worker"):
            pass

    return _send


@pytest.fixture
def booked(ines, ben):
    return a_booking(an_offer(ines), ben)


def entry_in(mail):
    (attachment,) = mail.attachments
    calendar = icalendar.Calendar.from_ical(attachment.content)
    return calendar["METHOD"], calendar.events[0], attachment


def states(appointment):
    return {
        message.key.removeprefix(f"reminder:{appointment.id}:"): message.state
        for message in outbox.about(("appointment", appointment.id))
        if message.kind == "booking.reminder"
    }


def test_both_get_a_confirmation_on_their_own_clock_with_a_calendar_entry(booked, send, mailer):
    send()
    (to_ben,), (to_ines,) = mailer.to("ben@example.org"), mailer.to("ines@example.org")
    assert to_ben.subject == "Your appointment: Wednesday 25 November, 09:00"
    assert to_ines.subject == "Your appointment: Wednesday 25 November, 10:00"
    for mail, zone, other in ((to_ben, "Chicago time (UTC−6)", "Ines"), (to_ines, "New York time (UTC−5)", "Ben")):
        link = f"http://127.0.0.1:8000/appointments/{booked.id}"
        for body in (mail.text, mail.html):
            assert zone in body
            assert body.count(link) == 1
        method, event, attachment = entry_in(mail)
        assert (method, event["UID"], event["SEQUENCE"]) == ("REQUEST", f"{booked.uid}@stillpoint", 0)
        assert event["SUMMARY"] == f"Appointment with {other}"
        assert attachment.content_type == "text/calendar; method=REQUEST; charset=utf-8"
    assert "free until Tuesday 24 November, 09:00" in " ".join(to_ben.text.split())
    assert "free until" not in to_ines.text


def test_no_letter_gives_away_what_the_appointment_is_for(booked, alice, send, mailer):
    send()
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + HOUR, by=booked.client, now=MONDAY_MORNING)
    send()
    send(booked.starts_at - HOUR)
    services.cancel(booked, by=booked.counselor, now=booked.starts_at - HOUR)
    send()
    assert len(mailer.sent) == 8
    for mail in mailer.sent:
        words = (mail.subject + mail.text + "".join(entry_in(mail)[1]["SUMMARY"] for _ in mail.attachments)).lower()
        assert [word for word in TELLING if word in words] == []


def test_reminders_come_a_day_and_an_hour_before_and_once(booked, send, mailer):
    send()
    mailer.sent.clear()
    send(WEDNESDAY_AT_TEN - timedelta(hours=24, seconds=1))
    assert mailer.sent == []
    send(WEDNESDAY_AT_TEN - timedelta(hours=24))
    assert [mail.to for mail in mailer.sent] == ["ben@example.org"]
    send(WEDNESDAY_AT_TEN - HOUR)
    send(WEDNESDAY_AT_TEN - HOUR / 2)
    assert sorted(mail.to for mail in mailer.sent) == ["ben@example.org", "ben@example.org", "ines@example.org"]
    assert mailer.sent[0].subject == "Coming up: Wednesday 25 November, 09:00"
    assert f"/appointments/{booked.id}" in mailer.sent[0].text
    assert mailer.sent[0].attachments == ()


def test_a_move_takes_its_reminders_along(booked, send, mailer):
    send()
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + 24 * HOUR, by=booked.client, now=MONDAY_MORNING)
    send(MONDAY_MORNING + timedelta(minutes=3))
    ben, ines = booked.client_id, booked.counselor_id
    assert states(booked) == {
        f"0:email:1440:{ben}": "withdrawn",
        f"0:email:60:{ben}": "withdrawn",
        f"0:email:60:{ines}": "withdrawn",
        f"1:email:1440:{ben}": "planned",
        f"1:email:60:{ben}": "planned",
        f"1:email:60:{ines}": "planned",
    }
    moved = mailer.to("ben@example.org")[-1]
    assert moved.subject == "New time: Thursday 26 November, 09:00"
    assert "Wednesday 25 November, 09:00" in moved.text
    method, event, _ = entry_in(moved)
    assert (method, event["SEQUENCE"], event["UID"]) == ("REQUEST", 1, f"{booked.uid}@stillpoint")


def test_a_cancellation_takes_its_reminders_back_and_the_calendar_entry_too(booked, send, mailer):
    send()
    services.cancel(booked, by=booked.client, now=MONDAY_MORNING)
    send()
    assert set(states(booked).values()) == {"withdrawn"}
    to_ben, to_ines = mailer.to("ben@example.org")[-1], mailer.to("ines@example.org")[-1]
    assert to_ben.subject == "Cancelled: Wednesday 25 November, 09:00"
    assert "you cancelled it" in to_ben.text
    assert "Ben cancelled it" in to_ines.text
    method, event, _ = entry_in(to_ben)
    assert (method, event["SEQUENCE"], event["STATUS"]) == ("CANCEL", 1, "CANCELLED")
    mailer.sent.clear()
    send(WEDNESDAY_AT_TEN)
    assert mailer.sent == []


def test_the_appointment_is_looked_at_again_just_before_sending(booked, send, mailer):
    """As when it is cancelled in the moment after the message was claimed."""
    send()
    mailer.sent.clear()
    booked.status, booked.cancelled_at = "cancelled", MONDAY_MORNING
    send(WEDNESDAY_AT_TEN - HOUR)
    assert mailer.sent == []
    assert set(states(booked).values()) == {"withdrawn"}


def test_after_a_long_sleep_only_what_still_helps_is_sent(booked, send, mailer):
    send()
    mailer.sent.clear()
    send(WEDNESDAY_AT_TEN - HOUR / 2)
    assert sorted(mail.to for mail in mailer.sent) == ["ben@example.org", "ines@example.org"]
    assert sorted(states(booked).values()) == ["late", "sent", "sent"]


def test_a_mail_server_that_is_down_loses_nothing(booked, send, mailer, clock):
    mailer.refusal = CarrierDownError("not now")
    send()
    assert mailer.sent == []
    mailer.refusal = None
    send(clock.instant + HOUR)
    assert len(mailer.sent) == 2


def test_a_confirmation_overtaken_by_a_move_names_the_new_time(booked, send, mailer):
    services.move(booked, starts_at=WEDNESDAY_AT_TEN + HOUR, by=booked.client, now=MONDAY_MORNING)
    send(MONDAY_MORNING + timedelta(minutes=3))
    assert {mail.subject for mail in mailer.to("ben@example.org")} == {"Your appointment: Wednesday 25 November, 10:00"}
    assert len(mailer.sent) == 2


def test_somebody_who_left_gets_no_mail(booked, send, mailer):
    booked.client.closed_at = MONDAY_MORNING
    send()
    assert mailer.to("ben@example.org") == []


def test_marking_who_came_ends_the_reminding(booked, send):
    services.mark_attended(booked, attended=True, by=booked.counselor, now=WEDNESDAY_AT_TEN)
    assert set(states(booked).values()) == {"withdrawn"}


def test_a_calendar_download_is_on_the_persons_own_clock(app, booked):
    assert entry_for(booked, booked.client).zone == "America/Chicago"
    assert entry_for(booked, booked.counselor).title == "Appointment with Ben"
