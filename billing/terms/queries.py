"""How a service or a session is paid."""

from __future__ import annotations

from sqlalchemy import exists, select

from billing.terms.models import AgreedPaying, PayingRule
from billing.terms.rules import BEFORE, FULL, Terms, deposit_of
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, CONFIRMED
from practice.core.db import db
from practice.core.money import Money


def rule_of(service_id: int) -> PayingRule | None:
    """Return how a service is paid, where anything was said about it."""
    return db.session.get(PayingRule, service_id)


def agreed_on(appointment: Appointment) -> Terms:
    """Return how a session is paid, as it was when its time was chosen; in full where nothing else was agreed."""
    found = db.session.get(AgreedPaying, appointment.id)
    if found is None:
        return Terms(FULL, appointment.price, BEFORE)
    return Terms(found.booking, Money(found.deposit_cents, appointment.currency), found.rest)


def terms_for(appointment: Appointment) -> Terms | None:
    """Return how a session would be paid by its service's rule; None where there is none."""
    rule = rule_of(appointment.service_id)
    if rule is None:
        return None
    booking = rule.first_visit if _is_first(appointment) else rule.booking
    return Terms(booking, deposit_of(appointment.price, rule.basis, rule.value), rule.rest)


def _is_first(appointment: Appointment) -> bool:
    others = (
        Appointment.counselor_id == appointment.counselor_id,
        Appointment.client_id == appointment.client_id,
        Appointment.id != appointment.id,
        Appointment.status.in_((CONFIRMED, COMPLETED)),
    )
    return not db.session.scalar(select(exists().where(*others)))
