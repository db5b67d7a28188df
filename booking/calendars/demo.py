"""A private calendar for the demo's counselor, which the demo itself serves and reads like any other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from booking.models.calendars import ExternalCalendar
from practice.core import seeds
from practice.core.db import db
from practice.core.settings import settings
from practice.models import Person, Practice

ORDER = 22


def seed(_practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Have Ines's private calendar read as soon as the practice is open."""
    address = f"{settings().base_url}/static/demo/demo/private.ics"
    db.session.add(
        ExternalCalendar(counselor_id=people["ines"].id, label="Private", address=address, added_at=now, due_at=now)
    )


seeds.register(ORDER, seed)
