"""Services, hours and appointments for tests, with defaults: name only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from booking import services
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, WeeklyHours
from booking.models.services import Service
from booking.policy import LIVE
from practice.core.audit import AuditEntry
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person
from tests.builders import saved
from tests.fakes import MONDAY_MORNING

WEDNESDAY_AT_TEN = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
"""Ten in the morning in New York, where Ines works; two days after the clock of the tests."""


def a_service(counselor: Person, **changes: object) -> Service:
    """Offer a 50-minute session for $120 with ten minutes after it."""
    usual = {
        "name": "Individual session",
        "minutes": 50,
        "price_cents": 12000,
        "currency": "USD",
        "buffer_after": 10,
        "cpt_code": "90834",
    }
    return saved(Service(counselor_id=counselor.id, **(usual | changes)))


def open_hours(counselor: Person, opens: int = 9 * 60, closes: int = 17 * 60, **rules: object) -> None:
    """Open Monday to Friday from nine to five, on a half-hour grid and at two hours' notice."""
    db.session.add_all(
        WeeklyHours(counselor_id=counselor.id, weekday=day, opens=opens, closes=closes) for day in range(5)
    )
    usual = {"notice_minutes": 120, "horizon_days": 60, "step_minutes": 30}
    saved(BookingRules(counselor_id=counselor.id, **(usual | rules)))


def an_offer(counselor: Person, **changes: object) -> Service:
    """Open hours and offer a service in them."""
    open_hours(counselor)
    return a_service(counselor, **changes)


def a_hold(
    service: Service, client: Person, starts_at: datetime = WEDNESDAY_AT_TEN, now: datetime = MONDAY_MORNING
) -> Appointment:
    """Hold a time, and commit."""
    held = services.hold(counselor=service.counselor, client=client, service=service, starts_at=starts_at, now=now)
    db.session.commit()
    return held


def a_booking(
    service: Service, client: Person, starts_at: datetime = WEDNESDAY_AT_TEN, now: datetime = MONDAY_MORNING
) -> Appointment:
    """Book a time, paid, and commit."""
    booked = services.confirm(a_hold(service, client, starts_at, now), now=now)
    db.session.commit()
    return booked


def an_appointment(
    counselor: Person, client: Person, starts_at: datetime = WEDNESDAY_AT_TEN, **changes: object
) -> Appointment:
    """Put a confirmed appointment straight into the database, whatever the hours are."""
    service = db.session.query(Service).filter_by(counselor_id=counselor.id).first() or a_service(counselor)
    span = Span.lasting(starts_at, service.minutes)
    blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
    booked_at = starts_at - timedelta(days=7)
    usual = {
        "status": "confirmed",
        "price_cents": service.price_cents,
        "currency": service.currency,
        "cancellation_notice_hours": 24,
        "created_at": booked_at,
        "changed_at": booked_at,
        "confirmed_at": booked_at,
    }
    return saved(
        Appointment(
            counselor_id=counselor.id,
            client_id=client.id,
            service_id=service.id,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            blocked_from=blocked.starts_at,
            blocked_until=blocked.ends_at,
            **(usual | changes),
        )
    )


def audited() -> list[str]:
    """Name the deeds on record, in order."""
    return list(
        db.session.scalars(
            select(AuditEntry.action).where(AuditEntry.action != "vault.key_made").order_by(AuditEntry.id)
        )
    )


def overlaps() -> list[tuple[int, int]]:
    """Find overlapping live appointments by comparing every pair, trusting no guard."""
    live = [each for each in db.session.query(Appointment) if each.status in LIVE]
    return [
        (one.id, other.id)
        for one in live
        for other in live
        if one.id < other.id
        and (
            (
                one.counselor_id == other.counselor_id
                and one.blocked.overlaps(other.blocked)
                and not _together(one, other)
            )
            or (one.client_id == other.client_id and one.span.overlaps(other.span))
        )
    ]


def _together(one: Appointment, other: Appointment) -> bool:
    """Tell whether two appointments are seats in one session."""
    return one.group_session_id is not None and one.group_session_id == other.group_session_id
