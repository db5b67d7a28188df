"""What a session's page shows about its codes."""

from __future__ import annotations

from typing import Any

from flask import render_template

from billing.coding import services
from booking.models.appointments import Appointment
from booking.policy import COMPLETED, Side
from practice.core.panels import fills
from practice.models import Person


@fills("appointment", order=45)
def codes(appointment: Appointment, viewer: Person, **_more: Any) -> str | None:
    """Lead the counselor of a session that took place to its codes."""
    ours = appointment.side_of(viewer) is Side.COUNSELOR
    if not ours or appointment.status != COMPLETED or not appointment.price:
        return None
    confirmed = services.codes_of(appointment)
    return render_template("billing/coding/_appointment.html", appointment=appointment, confirmed=confirmed)
