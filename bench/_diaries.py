"""Diaries to measure on: a month with exactly so many bookings, and counselors with finer rules."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from bench._practice import NOW, ZONE, booked
from booking.hours import first_reading, instant_of
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, DateOverride, HoursPlan, PlanHours, TimeOff
from booking.models.services import Service
from practice.core.db import db
from practice.models import Person

MONTH_DAYS = 30
SHORT = 20
"""Minutes of a booking, and ten after it: so 200 of them are somewhat under 60 % of a month."""


def at(day: date, minutes: int) -> datetime:
    """Return when the wall clock reads so many minutes after midnight."""
    return instant_of(first_reading(ZONE, day, minutes))


def fill_hours(service: Service, client: Person, count: int, dice: random.Random, days: int = MONTH_DAYS) -> None:
    """Book exactly so many half hours of the working days from now on, drawn by lot."""
    halves = [*range(9 * 60, 13 * 60, 30), *range(14 * 60, 18 * 60, 30)]
    dates = [NOW.date() + timedelta(days=number) for number in range(days)]
    open_ = [at(day, minutes) for day in dates if day.weekday() < 5 for minutes in halves]
    rows = [booked(service, client, starts_at, SHORT) for starts_at in dice.sample(open_, count)]
    db.session.execute(insert(Appointment), rows)


def spread(service: Service, client: Person, count: int, days: int = MONTH_DAYS, *, since: datetime = NOW) -> None:
    """Book so many times, evenly by day and by night, each at most half of the time there is for it."""
    apart = days * 1440 / count if count else 0.0
    lasting = min(SHORT, int(apart / 2))
    rows = [
        booked(service, client, since + timedelta(minutes=int(number * apart)), lasting, after=min(10, lasting))
        for number in range(count)
    ]
    if rows:
        db.session.execute(insert(Appointment), rows)


def vary(counselor_id: int) -> None:
    """Let some days differ, and some afternoons be off."""
    for number in range(MONTH_DAYS):
        day = NOW.date() + timedelta(days=number)
        if day.weekday() < 5 and number % 11 == 9:
            db.session.add(DateOverride(counselor_id=counselor_id, falls_on=day, opens=600, closes=900))
        if day.weekday() < 5 and number % 13 == 12:
            noon = at(day, 720)
            db.session.add(TimeOff(counselor_id=counselor_id, starts_at=noon, ends_at=noon + timedelta(hours=6)))


def plan(service: Service, _client: Person) -> None:
    """Let every other week be different: later on Monday to Thursday, and Saturday morning besides."""
    hours = [PlanHours(weekday=day, opens=11 * 60, closes=19 * 60) for day in range(4)]
    hours.append(PlanHours(weekday=5, opens=9 * 60, closes=12 * 60))
    db.session.add(
        HoursPlan(
            counselor_id=service.counselor_id,
            name="Late",
            every_weeks=2,
            anchor_on=NOW.date(),
            replaces=True,
            hours=hours,
        )
    )


def limit(service: Service, _client: Person) -> None:
    """Let there be a most per day and per week, and a longer break after three in a row."""
    rules = db.session.get_one(BookingRules, service.counselor_id)
    rules.most_per_day, rules.most_per_week = 14, 60
    rules.long_break_after, rules.long_break_minutes = 3, 30


def single_days(service: Service, _client: Person) -> None:
    """Give ten days hours of their own for this service alone."""
    for number in range(0, MONTH_DAYS, 3):
        db.session.add(
            DateOverride(
                counselor_id=service.counselor_id,
                falls_on=NOW.date() + timedelta(days=number),
                opens=600,
                closes=1080,
                service_id=service.id,
            )
        )


def age(service: Service, client: Person) -> None:
    """Let 5,000 bookings lie behind."""
    spread(service, client, 5000, 240, since=NOW - timedelta(days=241))


FINER = {"older_5000": age, "plans": plan, "limits": limit, "one_day_hours": single_days}
"""What may come on top of a month with 200 bookings."""
