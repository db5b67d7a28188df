"""Keep what counselors and clients choose about reminders, and let what is planned follow at once."""

from __future__ import annotations

from datetime import datetime

from booking.models.reminding import ReminderPlan, ServiceReminder
from booking.models.services import Service
from booking.reminding import consents, planning
from booking.reminding.forms import Choices
from booking.reminding.rules import EMAIL, SMS, Terms
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def choose(person: Person, chosen: Choices, now: datetime) -> None:
    """Keep a client's choice."""
    choice = consents.choice_of(person, now)
    choice.by_email, choice.by_sms = EMAIL in chosen.channels, SMS in chosen.channels
    choice.skipped = sorted(chosen.skipped)
    choice.quiet_from, choice.quiet_until = chosen.quiet_from, chosen.quiet_until
    choice.changed_at = now
    db.session.flush()
    planning.plan_anew(planning.upcoming_of(client_id=person.id, now=now), now)
    audit.record("reminders.chosen", person_id=person.id, subject=("person", person.id))


def plan_service(service: Service, terms: Terms, now: datetime) -> None:
    """Keep a counselor's plan for a service; sessions that are booked follow it too."""
    plan = db.session.get(ReminderPlan, service.id) or ReminderPlan(service_id=service.id)
    plan.counselor_minutes, plan.changed_at = terms.counselor_minutes, now
    kept = {each.minutes: each for each in plan.offsets}
    plan.offsets = [_line(kept.get(each.minutes), service.id, each.minutes, each.channels) for each in terms.offsets]
    db.session.add(plan)
    db.session.flush()
    planning.plan_anew(planning.upcoming_of(service_id=service.id, now=now), now)
    audit.record("reminders.planned", person_id=service.counselor_id, subject=("service", service.id))


def _line(kept: ServiceReminder | None, service_id: int, minutes: int, channels: frozenset[str]) -> ServiceReminder:
    line = kept or ServiceReminder(service_id=service_id, minutes=minutes)
    line.by_email, line.by_sms = EMAIL in channels, SMS in channels
    return line
