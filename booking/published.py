"""What one counselor has published, as the pages for changing it show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from booking.hours import Hours
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, DateOverride, HoursPlan, TimeOff, WeeklyHours
from booking.models.locations import Location
from booking.policy import CONFIRMED, HELD
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person


def week_of(counselor_id: int) -> dict[int, tuple[Hours, ...]]:
    """Return the usual week by weekday, Monday being 0."""
    week: dict[int, tuple[Hours, ...]] = {}
    rows = db.session.scalars(
        select(WeeklyHours)
        .where(WeeklyHours.counselor_id == counselor_id)
        .order_by(WeeklyHours.weekday, WeeklyHours.opens)
    )
    for row in rows:
        week[row.weekday] = (*week.get(row.weekday, ()), Hours(row.opens, row.closes))
    return week


def changed_days(counselor_id: int, since: date) -> dict[date, tuple[Hours, ...]]:
    """Return the days that differ for every session, none before a day; without hours they are closed."""
    return {
        rows[0].falls_on: _hours_of(rows)
        for rows in day_changes_of(counselor_id, since)
        if rows[0].service_id is None and rows[0].mode is None
    }


def day_changes_of(counselor_id: int, since: date) -> list[list[DateOverride]]:
    """Return the rows of the days that differ, none before a day, those for the same sessions of a day together."""
    found: dict[tuple[date, int, str], list[DateOverride]] = {}
    rows = db.session.scalars(
        select(DateOverride)
        .where(DateOverride.counselor_id == counselor_id, DateOverride.falls_on >= since)
        .order_by(DateOverride.falls_on, DateOverride.opens)
        .options(joinedload(DateOverride.service), joinedload(DateOverride.location))
    )
    for row in rows:
        found.setdefault((row.falls_on, row.service_id or 0, row.mode or ""), []).append(row)
    return [found[key] for key in sorted(found)]


def time_off_of(counselor_id: int, within: Span | None = None, *, since: datetime | None = None) -> Sequence[TimeOff]:
    """Return time off in order, within a span or not over at an instant."""
    statement = select(TimeOff).where(TimeOff.counselor_id == counselor_id).order_by(TimeOff.starts_at)
    if within is not None:
        statement = statement.where(TimeOff.starts_at < within.ends_at, TimeOff.ends_at > within.starts_at)
    if since is not None:
        statement = statement.where(TimeOff.ends_at > since)
    return db.session.scalars(statement).all()


def own_time_off(counselor: Person, time_off_id: int) -> TimeOff | None:
    """Return a counselor's own time off."""
    found = db.session.get(TimeOff, time_off_id)
    return found if found is not None and found.counselor_id == counselor.id else None


def places_of(counselor_id: int, *, in_use_only: bool = True) -> Sequence[Location]:
    """Return the places where a counselor receives clients, by name."""
    statement = select(Location).where(Location.counselor_id == counselor_id).order_by(Location.name, Location.id)
    return db.session.scalars(statement.where(Location.active) if in_use_only else statement).all()


def plans_of(counselor_id: int) -> Sequence[HoursPlan]:
    """Return a counselor's other weeks, those that begin first at the top."""
    return db.session.scalars(
        select(HoursPlan)
        .where(HoursPlan.counselor_id == counselor_id)
        .order_by(HoursPlan.starts_on.nulls_first(), HoursPlan.id)
        .options(selectinload(HoursPlan.hours), selectinload(HoursPlan.service), selectinload(HoursPlan.location))
    ).all()


def own_plan(counselor: Person, plan_id: int) -> HoursPlan | None:
    """Return a counselor's own other week."""
    found = db.session.get(HoursPlan, plan_id)
    return found if found is not None and found.counselor_id == counselor.id else None


def own_place(counselor: Person, place_id: int) -> Location | None:
    """Return a counselor's own place."""
    found = db.session.get(Location, place_id)
    return found if found is not None and found.counselor_id == counselor.id else None


def rules_of(counselor_id: int) -> BookingRules:
    """Return a counselor's rules, or the usual ones while none are set."""
    return db.session.get(BookingRules, counselor_id) or BookingRules(
        counselor_id=counselor_id, notice_minutes=24 * 60, horizon_days=60, step_minutes=15, restarts=False
    )


def booked_within(counselor_id: int, span: Span) -> Sequence[Appointment]:
    """Return the sessions ahead that touch a span."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.counselor_id == counselor_id,
            Appointment.starts_at < span.ends_at,
            Appointment.ends_at > span.starts_at,
            Appointment.status.in_((CONFIRMED, HELD)),
        )
        .order_by(Appointment.starts_at)
    ).all()


def _hours_of(rows: Sequence[DateOverride]) -> tuple[Hours, ...]:
    return tuple(Hours(row.opens, row.closes) for row in rows if row.opens is not None and row.closes is not None)
