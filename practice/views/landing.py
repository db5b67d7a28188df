"""Where clients and administrators begin: the features fill these pages."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from practice.core.formats import local
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, clients_only, current_person
from practice.views.blueprint import bp


@bp.get("/my")
@clients_only
def client_home() -> ResponseReturnValue:
    """Greet a client and show what comes next."""
    person = current_person()
    hour = local(ports().clock.now(), person.zone).hour
    greeting = "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"
    return render_template("practice/client_home.html", greeting=f"{greeting}, {person.first_name}", person=person)


@bp.get("/day")
@administrators_only
def day() -> ResponseReturnValue:
    """Show the practice's day."""
    zone = the_practice().zone
    today = local(ports().clock.now(), zone).date()
    shown = _day(request.args.get("date", ""), today)
    return render_template(
        "practice/day.html",
        day=shown,
        today=today,
        zone=zone,
        before_href=url_for("practice.day", date=shown - timedelta(days=1)),
        after_href=url_for("practice.day", date=shown + timedelta(days=1)),
    )


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 2000 <= found.year <= 2999 else today
