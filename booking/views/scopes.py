"""What a counselor chooses from to say which sessions hours are for."""

from __future__ import annotations

from typing import Any

from booking import published, queries
from booking.meeting import WORDS
from practice.models import Person


def scope_choices(counselor: Person) -> dict[str, Any]:
    """Return the services, ways of meeting and places to choose from, for a template."""
    return {
        "service_choices": [(each.id, each.name) for each in queries.services_of(counselor.id)],
        "mode_choices": list(WORDS.items()),
        "place_choices": [(each.id, each.name) for each in published.places_of(counselor.id)],
    }
