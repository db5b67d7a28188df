"""What other pages show about estimates."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template

from billing.estimates import queries
from practice.core.formats import local
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person


@fills("administrator_day", order=62)
def exceeded(day: date, **_more: Any) -> str | None:
    """Warn the office of estimates that are about to be exceeded by as much as may be disputed."""
    found = queries.troubled(day)
    return render_template("billing/estimates/_day.html", found=found) if found else None


@fills("client_money", order=15)
def own_exceeded(viewer: Person, **_more: Any) -> str | None:
    """Tell a client before bills come to much more than their estimate."""
    found = queries.troubled(local(ports().clock.now(), viewer.zone).date(), of=viewer)
    return render_template("billing/estimates/_own.html", found=found) if found else None


@fills("counselor_today", order=48)
def exceeded_with(day: date, viewer: Person, **_more: Any) -> str | None:
    """Tell a counselor whose estimate is about to be exceeded."""
    found = [each for each in queries.troubled(day, of=viewer) if each[0].counselor_id == viewer.id]
    return render_template("billing/estimates/_today.html", found=found) if found else None
