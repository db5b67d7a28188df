"""What is not offered yet, and by which roads an offer goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from booking import services
from booking.models.services import Service
from booking.models.waitlist import Offer, Turn
from booking.reminding import consents
from booking.waitlist import places, rules
from booking.waitlist.forms import Wanted
from booking.waitlist.jobs import offer_waitlist
from practice.core.db import db
from practice.core.delivery import deliver_due
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, a_service, open_hours
from tests.builders import a_client
from tests.fakes import FrozenClock, RecordingMailer, RecordingTexter
from tests.support.pages import PageClient

As = Callable[[Person], PageClient]

NOW = datetime.fromisoformat("2026-11-23T10:00-05:00")
"""Monday at ten where everybody is: nobody sleeps."""


@pytest.fixture(autouse=True)
def awake(clock: FrozenClock) -> None:
    """Begin at an hour at which people may be written to."""
    clock.instant = NOW


@pytest.fixture
def service(ines: Person) -> Service:
    """An hour a day with Ines, from ten to eleven."""
    open_hours(ines, 10 * 60, 11 * 60, horizon_days=6)
    return a_service(ines, buffer_after=0)


def offered() -> list[datetime]:
    return list(db.session.scalars(select(Offer.starts_at).where(Offer.status == "open")))


def test_the_old_time_of_a_session_that_moved_is_offered_once_it_cannot_come_back(
    service: Service, alice: Person, ines: Person
) -> None:
    booked = a_booking(service, a_client("Greta Holm"), now=NOW)
    wednesdays = rules.times(0b0000100, rules.ALL_DAY)
    places.join(alice, Wanted("", wednesdays, NOW.date(), NOW.date() + timedelta(days=9), 60), service, NOW)
    offer_waitlist(NOW)
    later = WEDNESDAY_AT_TEN + timedelta(days=1)
    services.move(booked, starts_at=later, by=ines, now=NOW)
    db.session.commit()
    for instant in (NOW, NOW + timedelta(minutes=2, seconds=59)):
        offer_waitlist(instant)
        assert offered() == []
    told = NOW + timedelta(minutes=3)
    assert db.session.get_one(Turn, ines.id, populate_existing=True).due_at == told
    offer_waitlist(told)
    assert offered() == [WEDNESDAY_AT_TEN]


def test_an_offer_goes_by_text_too_where_that_was_chosen_and_agreed_to(
    as_: As, service: Service, alice: Person, mailer: RecordingMailer, texter: RecordingTexter
) -> None:
    form = f"/waiting/new?service_id={service.id}"
    assert "confirm your telephone" in as_(alice).get(form).text
    consents.ask(alice, "+12125550142", practice="Stillpoint", now=NOW)
    db.session.commit()
    while deliver_due("tests"):
        pass
    consents.give(alice, re.findall(r"\d{6}", texter.sent[-1].body)[0], now=NOW)
    db.session.commit()
    assert "Tell me by text as well, to +12125550142" in as_(alice).get(form).text
    typed = {"times": ["6"], "last_on": "2026-12-20", "notice_minutes": "60", "by_text": "1"}
    as_(alice).post(form, data=typed)
    assert "by e-mail and by text to +12125550142" in as_(alice).get("/waiting").text
    offer_waitlist(NOW)
    while deliver_due("tests"):
        pass
    words = texter.sent[-1].body
    assert re.search(r"Wed 25 Nov 10:00 \(New York time\) is free, kept for you until 10:30", words)
    assert re.search(r"/offers/[\w-]{22} STOP ends texts", words)
    assert words.isascii()
    assert len(words) <= 160
    assert "come free" in mailer.to(alice.email)[-1].subject
