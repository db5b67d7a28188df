"""What a client's cards page says about charges that happen by themselves."""

from __future__ import annotations

from typing import Any

from flask import render_template

from billing.autopay import queries
from practice.core.panels import fills
from practice.models import Person


@fills("client_cards")
def by_itself(client: Person, **_more: Any) -> str:
    """Say whether anything is charged by itself, and stop it from here."""
    return render_template("billing/_autopay.html", agreement=queries.agreement_of(client), coming=queries.of(client))
