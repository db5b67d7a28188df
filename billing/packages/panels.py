"""What other pages show about packages."""

from __future__ import annotations

from typing import Any

from flask import render_template

from billing.packages import queries
from booking.models.services import Service
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person


@fills("booking_price", order=20)
def covered(service: Service, client: Person, **_more: Any) -> str | None:
    """Say before booking that a session is paid for ahead."""
    found = queries.usable(client.id, service.id, ports().clock.now())
    return render_template("billing/packages/_covered.html", found=found) if found else None


@fills("person_money", order=30)
def packages_of(person: Person, **_more: Any) -> str | None:
    """Lead from a client's page to what they bought ahead."""
    return render_template("billing/packages/_person.html", person=person) if person.is_client else None


@fills("client_money_ways", order=30)
def own_packages(viewer: Person, **_more: Any) -> str | None:
    """Lead a client from their payments to packages, where there are any."""
    if not queries.offered_to(viewer) and not queries.sold_to(viewer):
        return None
    return render_template("billing/packages/_short.html")
