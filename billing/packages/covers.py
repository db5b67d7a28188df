"""What booking asks before somebody pays: whether a session is paid for ahead."""

from __future__ import annotations

from datetime import datetime

from billing.packages import queries
from booking import prices
from booking.models.services import Service
from practice.models import Person


def sign_up() -> None:
    """Let booking ask."""
    prices.covers(has_session_left)


def has_session_left(client: Person, service: Service, now: datetime) -> bool:
    """Tell whether a client has a session of a service left that they paid for ahead, at no more than it costs them."""
    found = queries.usable(client.id, service.id, now)
    return found is not None and found.sold.unit <= prices.agreed(client, service, now)
