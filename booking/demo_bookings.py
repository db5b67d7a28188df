"""Shows in the demo a request that waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from booking import availability
from booking.models.services import Service
from booking.refusals import BookingRefusedError
from booking.requests import services as requests
from practice.core import seeds
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person, Practice

ORDER = 28


def seed(_practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Let a counselor answer requests for long sessions, with one waiting."""
    ines = people["ines"]
    long = db.session.scalars(
        select(Service).where(Service.counselor_id == ines.id, Service.name == "Long session")
    ).first()
    if long is not None:
        long.on_request = True
        db.session.flush()
        _ask(ines, people["ben"], long, now)


def _ask(counselor: Person, client: Person, service: Service, now: datetime) -> None:
    window = Span(now + timedelta(days=5), now + timedelta(days=12))
    free = availability.free_times(counselor.id, availability.need_of(service), window, now, client_id=client.id)
    if free:
        try:
            requests.ask(counselor=counselor, client=client, service=service, starts_at=free[0], now=now)
        except BookingRefusedError:
            return


seeds.register(ORDER, seed)
