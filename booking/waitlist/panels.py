"""What the waitlist puts on a client's first page: the time that is on offer to them."""

from __future__ import annotations

from flask import render_template

from booking.waitlist import answering, queries
from practice.core.panels import fills
from practice.core.ports import ports
from practice.security import current_person


@fills("client_home", order=5)
def on_offer(**_more: object) -> str | None:
    """Show what is on offer, until it ends."""
    client, now = current_person(), ports().clock.now()
    offers = [each for each in queries.offers_open(client=client) if answering.is_standing(each, now)]
    if not offers:
        return None
    return render_template("booking/waitlist/panel_offers.html", offers=offers, zone=client.zone, now=now)
