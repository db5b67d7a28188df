"""What counselors do to have other weeks, and places to receive people in. Callers commit."""

from __future__ import annotations

from datetime import date

from booking.forms_plans import PlaceTerms, PlanTerms
from booking.meeting import mode_words
from booking.models.hours import DateOverride, HoursPlan, PlanHours
from booking.models.locations import Location
from practice.core import audit, formats
from practice.core.db import db
from practice.models import Person

ORDINALS = {2: "second", 3: "third", 4: "fourth"}


def save_plan(counselor: Person, terms: PlanTerms, *, plan: HoursPlan | None = None) -> HoursPlan:
    """Keep another week, or change one; sessions booked already stay."""
    deed = "hours.plan_added" if plan is None else "hours.plan_changed"
    plan = plan or HoursPlan(counselor_id=counselor.id)
    plan.name, plan.starts_on, plan.ends_on = terms.name, terms.starts_on, terms.ends_on
    plan.every_weeks, plan.anchor_on, plan.replaces = terms.every_weeks, terms.anchor_on, terms.replaces
    plan.service_id, plan.mode, plan.location_id = terms.scope.service_id, terms.scope.mode, terms.scope.location_id
    plan.hours.clear()
    db.session.add(plan)
    db.session.flush()
    plan.hours.extend(
        PlanHours(weekday=day, opens=each.opens, closes=each.closes)
        for day, hours in terms.hours.items()
        for each in hours
    )
    db.session.flush()
    audit.record(deed, person_id=counselor.id, subject=("hours_plan", plan.id))
    return plan


def end_plan(plan: HoursPlan) -> None:
    """Take another week away; sessions booked already stay."""
    audit.record("hours.plan_removed", person_id=plan.counselor_id, subject=("hours_plan", plan.id))
    db.session.delete(plan)


def save_place(counselor: Person, terms: PlaceTerms, *, place: Location | None = None) -> Location:
    """Keep a place; sessions booked there show what it is called now."""
    deed = "place.added" if place is None else "place.changed"
    place = place or Location(counselor_id=counselor.id)
    place.name, place.address = terms.name, terms.address
    db.session.add(place)
    db.session.flush()
    audit.record(deed, person_id=counselor.id, subject=("location", place.id))
    return place


def set_in_use(place: Location, *, in_use: bool) -> None:
    """Take a place off the list of those to choose from, or put it back."""
    place.active = in_use
    deed = "place.restored" if in_use else "place.archived"
    audit.record(deed, person_id=place.counselor_id, subject=("location", place.id))


def words_of(plan: HoursPlan) -> str:
    """Say when another week counts and for what."""
    often = "Every week" if plan.every_weeks == 1 else f"Every {ORDINALS.get(plan.every_weeks, plan.every_weeks)} week"
    return ", ".join([often + _between(plan.starts_on, plan.ends_on), *scope_words(plan)])


def scope_words(scoped: HoursPlan | DateOverride) -> list[str]:
    """Say which sessions hours are for, and where; nothing when they are for all, at the usual places."""
    parts = []
    if scoped.service is not None:
        parts.append(f"only “{scoped.service.name}”")
    if scoped.mode is not None:
        parts.append(f"only {mode_words(scoped.mode).lower()}")
    if scoped.location is not None:
        parts.append(f"at {scoped.location.name}")
    return parts


def _between(starts_on: date | None, ends_on: date | None) -> str:
    begins = f" from {formats.day(starts_on)}" if starts_on else ""
    return f"{begins} until {formats.day(ends_on)}" if ends_on else begins
