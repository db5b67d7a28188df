"""What other pages show about billing details."""

from __future__ import annotations

from typing import Any

from flask import render_template

from practice.core.panels import fills
from practice.models import Person


@fills("counselor_profile_edit", order=70)
def insurers(counselor: Person, viewer: Person, **_more: Any) -> str | None:
    """Lead from a counselor's profile to what insurers read of them."""
    return render_template("billing/parties/_profile.html") if counselor.id == viewer.id else None
