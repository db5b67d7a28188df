"""What several tests of booking lean on; for texts: Alice has given leave, is booked, and was texted the day before."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from booking import events
from booking.models.appointments import Appointment
from booking.models.reminding import TextConsent
from booking.models.services import Service
from booking.reminding import consents
from practice.core.db import db
from practice.models import Person
from tests.booking.builders import WEDNESDAY_AT_TEN, a_booking, an_offer
from tests.booking.texting import DAY, PHONE, send
from tests.fakes import MONDAY_MORNING, FrozenClock, RecordingTexter


@pytest.fixture
def offer(ines: Person) -> Service:
    return an_offer(ines)


@pytest.fixture
def consent(alice: Person, texter: RecordingTexter) -> TextConsent:
    """Alice has given leave, with the code that came by text."""
    consents.ask(alice, PHONE, practice="Stillpoint", now=MONDAY_MORNING)
    db.session.commit()
    send()
    [words] = texter.to(PHONE)
    given = consents.give(alice, re.findall(r"\d{6}", words)[0], now=MONDAY_MORNING)
    db.session.commit()
    texter.sent.clear()
    return given


@pytest.fixture
def booked(offer: Service, alice: Person, consent: TextConsent) -> Appointment:
    return a_booking(offer, alice)


@pytest.fixture
def texted(booked: Appointment, texter: RecordingTexter, clock: FrozenClock) -> str:
    """The text of the day before; what it says."""
    clock.instant = WEDNESDAY_AT_TEN - DAY
    send()
    [words] = texter.to(PHONE)
    return words


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """Everything booking told the features above it."""
    told: list[object] = []
    every = (events.held, events.confirmed, events.moved, events.cancelled, events.released, events.completed)
    for event in every:
        event.subscribe(told.append)
    yield told
    for event in every:
        event._subscribers.remove(told.append)
