"""What other pages show about how a service is paid."""

from __future__ import annotations

from typing import Any

from flask import render_template

from booking.models.services import Service
from practice.core.panels import fills


@fills("service_links")
def how_it_is_paid(service: Service, **_more: Any) -> str | None:
    """Lead from a service to how it is paid."""
    return render_template("billing/_service_link.html", service=service) if service.price else None
