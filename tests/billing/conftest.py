"""What several tests of billing lean on: a service of Ines, and an hour of it that Alice holds."""

import pytest

from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.models import Person
from tests.booking.builders import a_hold, an_offer


@pytest.fixture
def service(ines: Person) -> Service:
    """Sessions with Ines, for $120."""
    return an_offer(ines)


@pytest.fixture
def held(service: Service, alice: Person) -> Appointment:
    """Wednesday at ten, kept for Alice while she pays."""
    return a_hold(service, alice)
