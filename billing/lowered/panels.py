"""What other pages show about lowered prices."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from billing.lowered import queries
from booking.models.appointments import Appointment
from booking.models.services import Service
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import current_person


@fills("pay_otherwise", order=40)
def code_to_use(appointment: Appointment, **_more: Any) -> str | None:
    """Let whoever pays use a code, once for a session."""
    used = queries.used_for(appointment.id)
    return render_template("billing/lowered/_code.html", appointment=appointment, used=used)


@fills("booking_price", order=40)
def what_one_pays(service: Service, client: Person, **_more: Any) -> str | None:
    """Say before booking whose price it is, and that it can follow what one earns."""
    today = ports().clock.now().astimezone(ZoneInfo(the_practice().zone)).date()
    agreed = queries.in_force(client.id, today)
    if not service.price or not (agreed or queries.tiers()):
        return None
    return render_template("billing/lowered/_booking.html", agreed=agreed, service=service)


@fills("person_money", order=40)
def price_of(person: Person, **_more: Any) -> str | None:
    """Lead an administrator from a client's page to what they pay."""
    if not person.is_client or not current_person().is_administrator:
        return None
    return render_template("billing/lowered/_person.html", person=person, agreed=queries.standing_of(person.id))


@fills("client_money_ways", order=40)
def own_price(viewer: Person, **_more: Any) -> str | None:
    """Lead a client to the sliding scale, where there is one."""
    agreed = queries.standing_of(viewer.id)
    return render_template("billing/lowered/_short.html", agreed=agreed) if agreed or queries.tiers() else None
