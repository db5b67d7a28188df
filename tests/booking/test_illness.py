"""A day the counselor cannot work is dealt with by one press, and each client gets one kind letter."""

from datetime import timedelta

import pytest

from billing.models import Refund
from booking import services
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.delivery import deliver_due
from tests.billing.builders import a_paid
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_hold, an_offer
from tests.fakes import MONDAY_MORNING as NOW

HOUR = timedelta(hours=1)
PATH, DAY = "/today/ill", "2026-11-25"


@pytest.fixture
def day(ines, alice, ben, payments):
    """Two sessions of Ines on one day, the second one paid."""
    service = an_offer(ines)
    one = a_booking(service, alice)
    other = a_paid(a_hold(service, ben, WEDNESDAY_AT_TEN + HOUR), payments).appointment
    db.session.commit()
    return one, other


@pytest.fixture
def send(clock):
    def _send(seconds=0):
        db.session.commit()
        clock.instant = NOW + timedelta(seconds=seconds)
        while deliver_due("worker"):
            pass

    return _send


def form_of(one, other, **changes):
    usual = {
        "day": DAY,
        "words": "I am sorry.",
        f"deed-{one.id}": "move",
        f"at-{one.id}": "2026-11-26T15:00Z",
        f"deed-{other.id}": "cancel",
    }
    return usual | changes


def test_one_press_moves_and_calls_off_the_day(as_, day, ines, send, mailer):
    one, other = day
    send()
    mailer.sent.clear()
    browser = as_(ines)
    page = browser.get(f"{PATH}?day={DAY}").text
    assert "gets one e-mail to alice@example.org" in page
    assert "2026-11-26T15:00Z" in page
    answer = browser.post(PATH, data=form_of(one, other))
    assert answer.location == f"/today?day={DAY}"
    db.session.expire_all()
    assert (one.status, one.starts_at) == ("confirmed", WEDNESDAY_AT_TEN + 24 * HOUR)
    assert (other.status, other.cancel_reason) == ("cancelled", "I am sorry.")
    assert [refund.amount_cents for refund in db.session.query(Refund)] == [12000]
    send()
    assert mailer.to("alice@example.org") == []
    send(180)
    to_alice, to_ben = mailer.to("alice@example.org"), mailer.to("ben@example.org")
    assert [mail.subject for mail in to_alice] == ["New time: Thursday 26 November, 10:00"]
    assert f"/appointments/{one.id}/move?starts_at=2026-11-27" in to_alice[0].text
    cancelled = next(mail for mail in to_ben if mail.subject == "Cancelled: Wednesday 25 November, 10:00")
    assert "I am sorry." in cancelled.text
    assert f"/counselors/{ines.id}/appointments/new?service_id={other.service_id}" in cancelled.text
    assert mailer.to("ines@example.org") == []
    assert "Nothing ahead" in browser.get(f"{PATH}?day={DAY}").text


def test_a_moved_session_can_still_be_undone_and_then_nobody_hears(as_, day, ines, send, mailer):
    one, other = day
    send()
    mailer.sent.clear()
    as_(ines).post(PATH, data=form_of(one, other, **{f"deed-{other.id}": "leave"}))
    db.session.expire_all()
    services.undo_move(one, by=ines, now=NOW)
    send(200)
    assert mailer.sent == []
    assert other.status == "confirmed"


def test_a_time_that_is_gone_changes_nothing_and_is_said(as_, day, ines, alice, clara):
    one, other = day
    a_booking(an_offer(clara), alice, WEDNESDAY_AT_TEN + 24 * HOUR)
    refused = as_(ines).post(PATH, data=form_of(one, other))
    assert refused.status_code == 409
    assert "Nothing has changed yet" in refused.text
    assert {each.status for each in db.session.query(Appointment).filter_by(counselor_id=ines.id)} == {"confirmed"}


def test_words_are_needed_and_no_two_sessions_are_offered_one_time_first(as_, day, ines):
    one, other = day
    refused = as_(ines).post(PATH, data=form_of(one, other, words=""))
    assert refused.status_code == 422
    assert "Write a few words" in refused.text
    assert as_(ines).get(PATH).status_code == 200
