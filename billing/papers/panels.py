"""What other pages show about papers of money."""

from __future__ import annotations

from typing import Any

from flask import render_template

from practice.core.panels import fills
from practice.models import Person


@fills("person_money", order=20)
def papers_of(person: Person, **_more: Any) -> str | None:
    """Lead from a client's page to their papers."""
    return render_template("billing/papers/_person.html", person=person) if person.is_client else None
