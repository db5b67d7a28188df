"""What other pages show about estimates."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template

from billing.estimates import queries
from practice.core.panels import fills


@fills("administrator_day", order=62)
def exceeded(day: date, **_more: Any) -> str | None:
    """Warn the office of estimates that are about to be exceeded by as much as may be disputed."""
    found = queries.troubled(day)
    return render_template("billing/estimates/_day.html", found=found) if found else None
