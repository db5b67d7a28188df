"""What people do about how a service is paid."""

from __future__ import annotations

from datetime import datetime

from billing.terms import queries
from billing.terms.forms import PayingForm
from billing.terms.models import AgreedPaying, PayingRule
from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core import audit
from practice.core.db import db
from practice.models import Person


def set_rule(service: Service, form: PayingForm, *, by: Person) -> PayingRule:
    """Set how a service is paid from now on; times already chosen keep what was agreed."""
    rule = queries.rule_of(service.id) or PayingRule(service_id=service.id)
    rule.booking, rule.first_visit, rule.rest = form.booking, form.first_visit, form.rest
    rule.basis, rule.value = form.basis, form.value
    db.session.add(rule)
    db.session.flush()
    detail = {"booking": rule.booking, "first_visit": rule.first_visit, "rest": rule.rest}
    audit.record("paying_rule.changed", person_id=by.id, subject=("service", service.id), detail=detail)
    return rule


def agree(appointment: Appointment, *, now: datetime) -> None:
    """Keep how a session is paid, as its service's rule stands when the client chooses the time."""
    known = db.session.get(AgreedPaying, appointment.id)
    terms = queries.terms_for(appointment) if appointment.price and not known else None
    if terms is None:
        return
    agreed = AgreedPaying(
        appointment_id=appointment.id,
        booking=terms.booking,
        deposit_cents=terms.deposit.cents,
        rest=terms.rest,
        agreed_at=now,
    )
    db.session.add(agreed)
    db.session.flush()
