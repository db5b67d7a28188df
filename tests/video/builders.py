"""Arrivals for the tests of video."""

from __future__ import annotations

from datetime import datetime

from booking.models.appointments import Appointment
from practice.models import Person
from tests.builders import saved
from video.arrivals.models import Arrival
from video.arrivals.places import ALONE, Licensed

AT_HOME = {
    "country": "US",
    "region": "New York",
    "address": "12 Elm Street, Albany",
    "phone": "+1 212-555-0142",
    "contact_name": "Rosa Moreau",
    "contact_phone": "+1 212-555-0143",
}


def an_arrival(
    appointment: Appointment, client: Person | None = None, told_at: datetime | None = None, **changes: object
) -> Arrival:
    """Say where a client is for a session: at home, alone, where the counselor is licensed."""
    usual = {
        "appointment_id": appointment.id,
        "person_id": (client or appointment.client).id,
        "told_at": told_at or appointment.starts_at,
        "said": AT_HOME,
        "privacy": ALONE,
        "licensed": Licensed.COVERED.value,
    }
    return saved(Arrival(**(usual | changes)))
