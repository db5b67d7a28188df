"""Decide what the practice offers, and how long an alert may stay unseen."""

from collections.abc import Collection
from datetime import datetime

from notes.measures.models import MeasureOffer, MeasureRules
from notes.measures.register import FREE
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def decide(*, offered: Collection[str], alert_minutes: int, by: Person, now: datetime) -> None:
    """Offer these questionnaires and no others; plans that run already go on."""
    for key in FREE:
        row = db.session.get(MeasureOffer, key)
        if row is None:
            row = MeasureOffer(instrument=key, offered=True, changed_at=now, changed_by_id=by.id)
            db.session.add(row)
        if row.offered != (key in offered):
            row.offered, row.changed_at, row.changed_by_id = key in offered, now, by.id
    rules = db.session.get(MeasureRules, 1)
    if rules is None:
        rules = MeasureRules(id=1, alert_minutes=alert_minutes)
        db.session.add(rules)
    rules.alert_minutes = alert_minutes
    audit.record("measures.rules_changed", person_id=by.id, detail={"alert_minutes": alert_minutes})
    db.session.flush()
