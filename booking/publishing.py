"""What counselors do to be found and booked: offer services, open hours, take time off, set rules. Callers commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete

from booking.forms_absence import RulesTerms
from booking.forms_plans import EVERY_SESSION, ScopeTerms
from booking.forms_services import ServiceTerms
from booking.hours import Hours
from booking.models.hours import BookingRules, DateOverride, TimeOff, WeeklyHours
from booking.models.services import Service
from booking.policy import MODES
from practice.core import audit
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def save_service(counselor: Person, terms: ServiceTerms, *, service: Service | None = None) -> Service:
    """Offer a new service, or change one; appointments made already keep their own length and price."""
    deed = "service.added" if service is None else "service.changed"
    service = service or Service(counselor_id=counselor.id)
    service.name, service.description = terms.name, terms.description
    service.minutes, service.cpt_code = terms.minutes, terms.cpt_code
    service.price_cents, service.currency = terms.price.cents, terms.price.currency
    service.buffer_before, service.buffer_after = terms.buffer_before, terms.buffer_after
    service.recurring_allowed = terms.recurring_allowed
    service.on_request = terms.on_request
    service.by_video, service.by_phone, service.in_person = (mode in terms.modes for mode in MODES)
    service.location_id = terms.location_id
    service.kind, service.capacity = terms.kind, terms.capacity
    db.session.add(service)
    db.session.flush()
    audit.record(deed, person_id=counselor.id, subject=("service", service.id), detail={"price": str(terms.price)})
    return service


def set_offered(service: Service, *, offered: bool) -> None:
    """Take a service off the list, or put it back; booked sessions stay."""
    if service.active != offered:
        service.active = offered
        deed = "service.restored" if offered else "service.archived"
        audit.record(deed, person_id=service.counselor_id, subject=("service", service.id))


def set_week(counselor: Person, week: Mapping[int, tuple[Hours, ...]]) -> None:
    """Replace the usual week."""
    db.session.execute(delete(WeeklyHours).where(WeeklyHours.counselor_id == counselor.id))
    db.session.add_all(
        WeeklyHours(counselor_id=counselor.id, weekday=day, opens=each.opens, closes=each.closes)
        for day, hours in week.items()
        for each in hours
    )
    audit.record("hours.changed", person_id=counselor.id, subject=("person", counselor.id))


def set_day(counselor: Person, day: date, hours: tuple[Hours, ...], scope: ScopeTerms = EVERY_SESSION) -> None:
    """Let one day differ for some sessions or for all; no hours at all close it to them.

    What the day had for exactly these sessions is replaced; what it has for others stays.
    """
    clear_day(counselor, day, scope)
    stretches: list[tuple[int | None, int | None]] = [(each.opens, each.closes) for each in hours] or [(None, None)]
    db.session.add_all(
        DateOverride(
            counselor_id=counselor.id,
            falls_on=day,
            opens=opens,
            closes=closes,
            service_id=scope.service_id,
            mode=scope.mode,
            location_id=scope.location_id if hours else None,
        )
        for opens, closes in stretches
    )
    audit.record(
        "hours.day_changed", person_id=counselor.id, subject=("person", counselor.id), detail={"day": day.isoformat()}
    )


def clear_day(counselor: Person, day: date, scope: ScopeTerms = EVERY_SESSION) -> None:
    """Let a day be as usual again for the sessions that its hours were for."""
    db.session.execute(
        delete(DateOverride).where(
            DateOverride.counselor_id == counselor.id,
            DateOverride.falls_on == day,
            DateOverride.service_id.is_not_distinct_from(scope.service_id),
            DateOverride.mode.is_not_distinct_from(scope.mode),
        )
    )


def take_time_off(counselor: Person, span: Span, label: str) -> TimeOff:
    """Keep a stretch free of new sessions; those booked already stay."""
    time_off = TimeOff(counselor_id=counselor.id, starts_at=span.starts_at, ends_at=span.ends_at, label=label)
    db.session.add(time_off)
    db.session.flush()
    audit.record("time_off.added", person_id=counselor.id, subject=("time_off", time_off.id))
    return time_off


def end_time_off(time_off: TimeOff) -> None:
    """Open the stretch again."""
    audit.record("time_off.removed", person_id=time_off.counselor_id, subject=("time_off", time_off.id))
    db.session.delete(time_off)


def set_rules(counselor: Person, terms: RulesTerms) -> None:
    """Set how far ahead, how late, how often and on which grid a counselor may be booked."""
    rules = db.session.get(BookingRules, counselor.id) or BookingRules(counselor_id=counselor.id)
    rules.notice_minutes, rules.horizon_days = terms.notice_minutes, terms.horizon_days
    rules.step_minutes, rules.restarts = terms.step_minutes, terms.restarts
    rules.most_per_day, rules.most_per_week = terms.most_per_day, terms.most_per_week
    rules.long_break_after, rules.long_break_minutes = terms.long_break_after, terms.long_break_minutes
    db.session.add(rules)
    audit.record("rules.changed", person_id=counselor.id, subject=("person", counselor.id))
