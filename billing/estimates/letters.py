"""Mail about estimates: neutral words, and a link."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing.estimates.models import Estimate
from billing.estimates.services import GIVEN, WARNED
from practice.core.db import db
from practice.core.mail import Mail, compose
from practice.core.outbox import OutboxMessage, renders
from practice.core.settings import settings
from practice.links import absolute
from practice.models import Person, Practice


@renders(GIVEN)
def given(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Send a client to their estimate; nothing once a later one took its place."""
    row = db.session.get_one(Estimate, message.payload["estimate_id"])
    if row.replaced_at:
        return None
    return _letter("estimate_given", f"Your estimate: {row.total}", row.client, row)


@renders(WARNED)
def warned(message: OutboxMessage, _now: datetime) -> Mail | None:
    """Warn client, counselor or office that bills are about to come to much more than estimated."""
    row = db.session.get_one(Estimate, message.payload["estimate_id"])
    if row.replaced_at:
        return None
    person = db.session.get_one(Person, message.payload["person_id"])
    own = person.id == row.client_id
    subject = "Your estimate is about to be exceeded" if own else "An estimate is about to be exceeded"
    return _letter("estimate_warned", subject, person, row, own=own)


def _letter(name: str, subject: str, person: Person, row: Estimate, **more: Any) -> Mail:
    return compose(
        f"emails/billing/{name}",
        to=person.email,
        subject=subject,
        person=person,
        row=row,
        link=absolute("billing.estimate", estimate_id=row.id),
        practice_name=db.session.get_one(Practice, 1).name,
        base_url=settings().base_url,
        **more,
    )
