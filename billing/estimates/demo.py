"""Estimates for the demo: one for a year that Alice asked for, and one for everybody who has sessions ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select

from billing.estimates import queries, services
from billing.estimates.models import Estimate
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED
from practice.core import outbox, seeds
from practice.core.db import db
from practice.models import Person, Practice

ORDER = 83
SESSIONS_A_YEAR = 40


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Give the estimates, and send no letters about them."""
    alice, asked_at = people["alice"], now - timedelta(days=40)
    for service in queries.services_for(alice, everything=False):
        if service.counselor is people["ines"] and service.cpt_code == "90834":
            services.ask(alice, service, SESSIONS_A_YEAR, practice=practice, by=alice, now=asked_at)
    for client_id, counselor_id in queries.booked_since(now - timedelta(days=400), now):
        client, counselor = (db.session.get_one(Person, each) for each in (client_id, counselor_id))
        services.keep_up(client, counselor, practice=practice, now=_after_booking(client, counselor, now))
    for row in db.session.query(Estimate):
        outbox.withdraw(subject=("estimate", row.id), now=now)


def _after_booking(client: Person, counselor: Person, now: datetime) -> datetime:
    """Return the moment at which the latest of the sessions ahead was booked, a few minutes on."""
    wanted = select(func.max(Appointment.confirmed_at)).where(
        Appointment.client_id == client.id,
        Appointment.counselor_id == counselor.id,
        Appointment.status == CONFIRMED,
        Appointment.starts_at > now,
    )
    booked = db.session.scalar(wanted)
    return min(now, booked + timedelta(minutes=4)) if booked else now


seeds.register(ORDER, seed)
