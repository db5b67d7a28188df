"""Ways of paying for the demo: a deposit for long sessions, a card on file for couples, nothing for short talks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from billing.terms.models import AgreedPaying, PayingRule
from billing.terms.rules import AFTER, BEFORE, CARD, DEPOSIT, FULL, NOTHING, PERCENT, deposit_of
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CONFIRMED
from practice.core import seeds
from practice.core.db import db
from practice.models import Practice

ORDER = 79
# service, counselor, to book it, to book a first visit, percent of the price as deposit, when the rest is due
RULES = (
    ("Long session", "ines", DEPOSIT, FULL, 30, BEFORE),
    ("Couples session", "jonah", CARD, CARD, 100, AFTER),
    ("Short check-in", "mateo", NOTHING, FULL, 100, AFTER),
)


def seed(_practice: Practice, people: Mapping[str, Any], now: datetime) -> None:
    """Set the rules, and let what is ahead have been booked by them."""
    for name, counselor, booking, first_visit, percent, rest in RULES:
        if counselor in people and (service := _service(name, people[counselor].id)):
            rule = PayingRule(
                service_id=service.id,
                booking=booking,
                first_visit=first_visit,
                basis=PERCENT,
                value=percent,
                rest=rest,
            )
            db.session.add(rule)
            _agree(service, rule, now)
    db.session.flush()


def _service(name: str, counselor_id: int) -> Service | None:
    chosen = select(Service).where(Service.name == name, Service.counselor_id == counselor_id)
    return db.session.scalars(chosen).first()


def _agree(service: Service, rule: PayingRule, now: datetime) -> None:
    ahead = select(Appointment).where(
        Appointment.service_id == service.id,
        Appointment.status == CONFIRMED,
        Appointment.starts_at > now,
        Appointment.price_cents > 0,
        Appointment.group_session_id.is_(None),
    )
    db.session.add_all(
        AgreedPaying(
            appointment_id=each.id,
            booking=rule.booking,
            deposit_cents=deposit_of(each.price, rule.basis, rule.value).cents,
            rest=rule.rest,
            agreed_at=each.created_at,
        )
        for each in db.session.scalars(ahead)
    )


seeds.register(ORDER, seed)
