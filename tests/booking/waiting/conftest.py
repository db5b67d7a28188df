"""One hour a week with Ines, by day."""

from __future__ import annotations

import pytest

from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.models import Person
from tests.booking.builders import a_booking, a_service, open_hours
from tests.booking.waiting.builders import NOW
from tests.builders import a_client
from tests.fakes import FrozenClock


@pytest.fixture(autouse=True)
def awake(clock: FrozenClock) -> None:
    """Begin at an hour at which people may be written to."""
    clock.instant = NOW


@pytest.fixture
def service(ines: Person) -> Service:
    """One hour a week with Ines: Wednesdays from ten to eleven."""
    open_hours(ines, 10 * 60, 11 * 60, horizon_days=6)
    return a_service(ines, buffer_after=0)


@pytest.fixture
def booked(service: Service) -> Appointment:
    """That hour, taken by somebody else."""
    return a_booking(service, a_client("Greta Holm"), now=NOW)
