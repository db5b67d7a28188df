"""Fills the demo with services, hours and a season of appointments around now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking import notices
from booking.demo_week import WEEKS, DemoPracticeWeek, Regular
from booking.hours import first_reading, instant_of
from booking.models.appointments import Appointment
from booking.models.hours import BookingRules, DateOverride, HoursPlan, PlanHours, TimeOff, WeeklyHours
from booking.models.locations import Location
from booking.models.services import Service
from booking.policy import CANCELLED, COMPLETED, CONFIRMED, NO_SHOW
from practice.core import seeds
from practice.core.db import db
from practice.core.spans import Span
from practice.models import Person, Practice

ORDER = 20
WEEKS_BACK, WEEKS_AHEAD = 9, 5
SOON = timedelta(minutes=12)
"""How soon after the first start Alice and Ines meet, so that the room can be tried."""


class Book:
    """The appointments so far; it takes none that would overlap."""

    def __init__(self, practice: Practice, now: datetime) -> None:
        self._notice_hours = practice.cancellation_notice_hours
        self._now = now
        self._taken: list[Appointment] = []

    def add(self, service: Service, client: Person, starts_at: datetime, number: int) -> Appointment | None:
        """Enter an appointment as its time suggests: over, cancelled, missed or still to come."""
        span = Span.lasting(starts_at, service.minutes)
        blocked = span.widened(before=service.buffer_before, after=service.buffer_after)
        if any(
            (other.counselor_id == service.counselor_id and other.blocked.overlaps(blocked))
            or (other.client_id == client.id and other.span.overlaps(span))
            for other in self._taken
        ):
            return None
        booked_at = min(
            starts_at - timedelta(days=9, hours=number % 7), self._now - timedelta(hours=2 + 7 * number % 300)
        )
        appointment = Appointment(
            counselor_id=service.counselor_id,
            client_id=client.id,
            service_id=service.id,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            blocked_from=blocked.starts_at,
            blocked_until=blocked.ends_at,
            price_cents=service.price_cents,
            currency=service.currency,
            cancellation_notice_hours=self._notice_hours,
            created_at=booked_at,
            changed_at=booked_at,
            confirmed_at=booked_at + timedelta(minutes=3),
            status=CONFIRMED,
        )
        self._settle(appointment, number)
        db.session.add(appointment)
        self._taken.append(appointment)
        return appointment

    def ahead(self) -> list[Appointment]:
        """Return what is still to come."""
        return [appointment for appointment in self._taken if appointment.starts_at > self._now]

    def _settle(self, appointment: Appointment, number: int) -> None:
        if appointment.ends_at > self._now:
            return
        appointment.status = COMPLETED
        appointment.closed_at = appointment.changed_at = min(self._now, appointment.ends_at + timedelta(minutes=4))
        if number % 19 == 7:
            appointment.status = NO_SHOW
        elif number % 13 == 5:
            appointment.status, appointment.closed_at = CANCELLED, None
            appointment.cancelled_by_id = appointment.client_id
            appointment.cancelled_late = number % 2 == 0
            ahead = timedelta(hours=6) if appointment.cancelled_late else timedelta(days=2)
            appointment.cancelled_at = appointment.changed_at = appointment.starts_at - ahead
            appointment.sequence = 1


def seed(practice: Practice, people: Mapping[str, Person], now: datetime) -> None:
    """Publish the counselors' offers and book their regulars, and a first meeting in a few minutes."""
    offers = {key: _publish(people[key], week, practice.currency) for key, week in WEEKS.items() if key in people}
    book = Book(practice, now)
    soon = book.add(offers["ines"][1], people["alice"], _on_the_five(now + SOON), 1)
    for key, services in offers.items():
        for number, (regular, starts_at) in enumerate(_times(WEEKS[key], people[key].zone, now)):
            book.add(services[regular.service], people[regular.client], starts_at, number)
    _time_away(people["ines"], now)
    _meet_elsewhere(people["ines"], offers["ines"][1], now)
    db.session.flush()
    if soon is not None:
        notices.tell_confirmed(soon, now)
    for appointment in book.ahead():
        notices.remind(appointment, now)


def _publish(counselor: Person, week: DemoPracticeWeek, currency: str) -> list[Service]:
    services = [
        Service(
            counselor_id=counselor.id,
            name=each.name,
            description=each.description,
            minutes=each.minutes,
            price_cents=each.price_cents,
            currency=currency,
            buffer_after=each.after,
            cpt_code=each.cpt_code,
        )
        for each in week.services
    ]
    db.session.add_all(services)
    db.session.add_all(
        WeeklyHours(counselor_id=counselor.id, weekday=day, opens=opens, closes=closes)
        for day, stretches in week.hours.items()
        for opens, closes in stretches
    )
    db.session.add(
        BookingRules(
            counselor_id=counselor.id,
            notice_minutes=week.notice_hours * 60,
            step_minutes=week.step_minutes,
            restarts=week.restarts,
        )
    )
    db.session.flush()
    return services


def _times(week: DemoPracticeWeek, zone: str, now: datetime) -> Iterator[tuple[Regular, datetime]]:
    """Yield every regular's hours, week by week."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    monday = today - timedelta(days=today.weekday())
    for number in range(-WEEKS_BACK, WEEKS_AHEAD + 1):
        for place, regular in enumerate(week.regulars):
            if (number + place) % regular.every == 0:
                day = monday + timedelta(weeks=number, days=regular.weekday)
                yield regular, _at(here, day, regular.at.hour * 60 + regular.at.minute)


def _meet_elsewhere(counselor: Person, service: Service, now: datetime) -> None:
    """Let one service be had by phone and in person too, and open a clinic every second Saturday."""
    place = Location(counselor_id=counselor.id, name="Practice on Linden Street", address="Lindenstraße 12, Berlin")
    db.session.add(place)
    db.session.flush()
    service.by_phone = service.in_person = True
    service.location_id = place.id
    saturday = [PlanHours(weekday=5, opens=10 * 60, closes=13 * 60)]
    db.session.add(
        HoursPlan(
            counselor_id=counselor.id,
            name="Saturday clinic",
            every_weeks=2,
            anchor_on=now.date(),
            mode="in_person",
            location_id=place.id,
            hours=saturday,
        )
    )


def _time_away(counselor: Person, now: datetime) -> None:
    zone = ZoneInfo(counselor.zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=WEEKS_AHEAD + 1)
    away = TimeOff(
        counselor_id=counselor.id,
        starts_at=_at(zone, monday, 0),
        ends_at=_at(zone, monday + timedelta(days=7), 0),
        label="Holiday",
    )
    short = DateOverride(counselor_id=counselor.id, falls_on=monday - timedelta(days=3), opens=9 * 60, closes=12 * 60)
    db.session.add_all([away, short])


def _at(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    return instant_of(first_reading(zone, day, minutes))


def _on_the_five(instant: datetime) -> datetime:
    """Round up to five minutes, as a person would have booked."""
    whole = instant.replace(second=0, microsecond=0)
    return whole + timedelta(minutes=-whole.minute % 5)


seeds.register(ORDER, seed)
