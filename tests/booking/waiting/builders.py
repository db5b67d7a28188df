"""People in line, what is offered to them, and hours that come free."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from booking import services
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.models.waitlist import Offer, Wish
from booking.waitlist import places, rules
from booking.waitlist.forms import Wanted
from practice.core.db import db
from practice.models import Person

NOW = datetime.fromisoformat("2026-11-23T10:00-05:00")
"""Monday at ten where everybody is: nobody sleeps."""
LATER = NOW + timedelta(minutes=30)


def wanted(**changes: object) -> Wanted:
    """Describe a wish: Wednesdays, within a month, an hour's notice."""
    usual = {
        "kind": "",
        "times": rules.times(0b0000100, rules.ALL_DAY),
        "first_on": NOW.date(),
        "last_on": NOW.date() + timedelta(days=30),
        "notice_minutes": 60,
    }
    return Wanted(**(usual | changes))  # type: ignore[arg-type]


def waits(client: Person, service: Service | None, **changes: object) -> Wish:
    """Put somebody in line, and commit."""
    wish = places.join(client, wanted(**changes), service, NOW)
    db.session.commit()
    return wish


def offers(status: str = "open") -> list[tuple[str, datetime]]:
    """Name to whom which times are offered."""
    rows = db.session.scalars(select(Offer).where(Offer.status == status).order_by(Offer.id))
    return [(each.client.first_name, each.starts_at) for each in rows]


def free(appointment: Appointment) -> None:
    """Cancel, so that the hour comes free."""
    services.cancel(appointment, by=appointment.client, now=NOW)
    db.session.commit()
