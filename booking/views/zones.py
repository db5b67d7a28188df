"""Whose clock a page shows: the one asked for, the person's own, or the one a stranger's browser keeps."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Response, request

from booking.views.blueprint import bp
from booking.zones import known
from practice.core.ports import ports
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import person_or_none

COOKIE = "zone"
_YEAR_SECONDS = 365 * 24 * 3600


def shown_zone() -> str:
    """Return the zone of the page: `?zone=` first, then the person's, the browser's and the practice's."""
    if asked := asked_zone():
        return asked
    if person := person_or_none():
        return person.zone
    return known(request.cookies.get(COOKIE)) or the_practice().zone


def asked_zone() -> str | None:
    """Return the zone named in the address, to be carried along in links."""
    return known(request.args.get("zone"))


def today_for(person: Person) -> date:
    """Return the day it is on a person's clock."""
    return ports().clock.now().astimezone(ZoneInfo(person.zone)).date()


@bp.after_request
def _remember(response: Response) -> Response:
    if (zone := asked_zone()) and person_or_none() is None:
        response.set_cookie(COOKIE, zone, max_age=_YEAR_SECONDS, secure=request.is_secure, samesite="Lax")
    return response
