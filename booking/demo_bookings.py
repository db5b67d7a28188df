"""Shows in the demo what waits for a decision: a request, and fees that the rule proposes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from booking import availability
from booking.models.appointments import Appointment
from booking.models.fees import FeeProposal
from booking.models.services import Service
from booking.policy import NO_SHOW
from booking.refusals import BookingRefusedError
from booking.requests import services as requests
from booking.terms import MISSED
from practice.core import seeds
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person, Practice

ORDER = 28


def seed(_practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Let a counselor answer requests for long sessions, with one waiting, and decide about missed ones."""
    ines = people["ines"]
    long = db.session.scalars(
        select(Service).where(Service.counselor_id == ines.id, Service.name == "Long session")
    ).first()
    if long is not None:
        long.on_request = True
        db.session.flush()
        _ask(ines, people["ben"], long, now)
    _propose(ines, now)


def _ask(counselor: Person, client: Person, service: Service, now: datetime) -> None:
    window = Span(now + timedelta(days=5), now + timedelta(days=12))
    free = availability.free_times(counselor.id, availability.need_of(service), window, now, client_id=client.id)
    if free:
        try:
            requests.ask(counselor=counselor, client=client, service=service, starts_at=free[0], now=now)
        except BookingRefusedError:
            return


def _propose(counselor: Person, now: datetime) -> None:
    missed = db.session.scalars(
        select(Appointment)
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.status == NO_SHOW,
            Appointment.price_cents > 0,
            Appointment.ends_at > now - timedelta(days=45),
        )
        .order_by(Appointment.starts_at.desc())
        .limit(2)
    ).all()
    for number, appointment in enumerate(missed):
        db.session.add(
            FeeProposal(
                appointment_id=appointment.id,
                kind=MISSED,
                amount_cents=appointment.price_cents,
                currency=appointment.currency,
                status="barred" if number else "proposed",
                fault="The room’s log does not show Ines in it, so it cannot tell who came." if number else None,
                proposed_at=appointment.ends_at,
            )
        )


seeds.register(ORDER, seed)
