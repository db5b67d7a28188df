"""What counselors do about public holidays: keep those of a country, work on some of them. Callers commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from booking import public_holidays, published
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, Holiday
from booking.policy import CONFIRMED, HELD
from practice.core import audit
from practice.core.db import db
from practice.models import Person

YEARS_AHEAD = 2
"""How many years after the present one are laid down: nobody can be booked further ahead."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One holiday by its name, with the days it falls on and whether it is kept."""

    name: str
    days: Sequence[date]
    kept: bool


def preview(counselor: Person, country: str, part: str, today: date) -> list[Kept]:
    """Return the holidays that would be kept from now on, with those left out before still left out."""
    worked = set(
        db.session.scalars(
            select(Holiday.name).where(Holiday.counselor_id == counselor.id, Holiday.kept.is_(False)).distinct()
        )
    )
    days: dict[str, list[date]] = {}
    for day, names in _ahead(country, part, today).items():
        for name in names:
            days.setdefault(name, []).append(day)
    return [Kept(name, found, name not in worked) for name, found in days.items()]


def booked_on(counselor: Person, days: Collection[date], now: datetime) -> list[Appointment]:
    """Return the sessions that stand on any of these days, on the counselor's clock."""
    zone = ZoneInfo(counselor.zone)
    ahead = db.session.scalars(
        select(Appointment)
        .where(
            Appointment.counselor_id == counselor.id,
            Appointment.starts_at > now,
            Appointment.status.in_((CONFIRMED, HELD)),
        )
        .order_by(Appointment.starts_at)
    )
    return [each for each in ahead if each.starts_at.astimezone(zone).date() in days]


def choose(counselor: Person, country: str, part: str, kept: Collection[str], today: date) -> None:
    """Keep the holidays of a country by name, and work on its others; an empty country keeps none."""
    rules = published.rules_of(counselor.id)
    rules.holiday_country, rules.holiday_subdivision = country or None, part or None
    db.session.add(rules)
    db.session.execute(delete(Holiday).where(Holiday.counselor_id == counselor.id))
    for day, names in (_ahead(country, part, today) if country else {}).items():
        db.session.add_all(
            Holiday(counselor_id=counselor.id, falls_on=day, name=name, kept=name in kept) for name in names
        )
    db.session.flush()
    audit.record("holidays.changed", person_id=counselor.id, subject=("person", counselor.id))


def lay_down(now: datetime) -> int:
    """Add the holidays of years that came near; return how many counselors got some. A name left out stays out."""
    last = func.max(Holiday.falls_on)
    rows = db.session.execute(
        select(BookingRules.counselor_id, BookingRules.holiday_country, BookingRules.holiday_subdivision, last)
        .join(Holiday, Holiday.counselor_id == BookingRules.counselor_id)
        .where(BookingRules.holiday_country.is_not(None))
        .group_by(BookingRules.counselor_id)
        .having(last < date(now.year + YEARS_AHEAD, 1, 1))
    ).all()
    for counselor_id, country, part, until in rows:
        years = range(until.year + 1, _final(now) + 1)
        _add_years(counselor_id, public_holidays.days_of(country or "", part or "", years))
    return len(rows)


def _add_years(counselor_id: int, days: Mapping[date, Sequence[str]]) -> None:
    worked = set(
        db.session.scalars(select(Holiday.name).where(Holiday.counselor_id == counselor_id, Holiday.kept.is_(False)))
    )
    db.session.add_all(
        Holiday(counselor_id=counselor_id, falls_on=day, name=name, kept=name not in worked)
        for day, names in days.items()
        for name in names
    )


def _ahead(country: str, part: str, today: date) -> Mapping[date, tuple[str, ...]]:
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    yesterday = today - timedelta(days=1)
    return {day: names for day, names in public_holidays.days_of(country, part, years).items() if day > yesterday}


def _final(now: datetime) -> int:
    return now.year + YEARS_AHEAD
