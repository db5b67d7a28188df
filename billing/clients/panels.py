"""What other pages show about a client's money as a whole."""

from __future__ import annotations

from typing import Any

from flask import render_template

from practice.core.panels import fills
from practice.models import Person


@fills("person_money", order=10)
def money_of(person: Person, *, here: bool = False, **_more: Any) -> str | None:
    """Lead from an account to the client's money, unless that is where one is."""
    if not person.is_client or here:
        return None
    return render_template("billing/clients/_person.html", person=person)
