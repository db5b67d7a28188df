"""What booking does when the practice has news: a closed account keeps nobody waiting."""

from __future__ import annotations

from booking import guards, queries, services
from booking.models.appointments import Appointment
from booking.policy import REQUESTED, Side
from booking.requests import services as requests
from practice import events
from practice.core.db import db
from practice.events import AccountClosed
from practice.models import Person

WORDS = "The account was closed."


def subscribe() -> None:
    """Listen to the practice."""
    events.account_closed.subscribe(call_off_everything)


def call_off_everything(happened: AccountClosed) -> None:
    """Call off what somebody whose account closes has ahead: others are told, and what was paid goes back."""
    ahead = queries.open_ahead(happened.person, happened.now)
    if not ahead:
        return
    guards.lock_people(*{person_id for each in ahead for person_id in (each.client_id, each.counselor_id)})
    for appointment in ahead:
        db.session.refresh(appointment)
        if appointment.status == REQUESTED:
            _answer(appointment, happened)
        else:
            services.cancel(appointment, by=happened.by, side=Side.PRACTICE, now=happened.now, reason=WORDS)


def _answer(appointment: Appointment, happened: AccountClosed) -> None:
    by: Person = happened.by
    if happened.person.id == appointment.client_id and by.id != appointment.counselor_id:
        requests.withdraw(appointment, by=by, now=happened.now)
    elif appointment.side_of(by) is not Side.CLIENT:
        requests.decline(appointment, by=by, now=happened.now, reason=WORDS)
