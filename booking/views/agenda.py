"""The counselor's day as a list."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import queries
from booking.agenda import days_from
from booking.forms_booking import day as read_day
from booking.groups import queries as groups
from booking.groups.queries import Gathering
from booking.models.appointments import Appointment
from booking.models.groups import SCHEDULED
from booking.policy import CONFIRMED
from booking.views.blueprint import bp
from booking.views.counselors import missing_steps
from booking.views.zones import today_for
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person
from practice.security import counselors_only, current_person


@bp.get("/today")
@counselors_only
def today() -> ResponseReturnValue:
    """Show the day as a list, the next session first in sight."""
    counselor, now = current_person(), ports().clock.now()
    present = today_for(counselor)
    day = read_day(request.args.get("day")) or present
    upcoming = queries.next_of(counselor, now) if day == present else None
    return render_template(
        "booking/today.html",
        day=day,
        present=present,
        appointments=_on(counselor, day),
        upcoming=upcoming,
        room_is_open=upcoming is not None and _room_is_open(upcoming),
        following=day + timedelta(days=1),
        tomorrow=[each for each in _on(counselor, day + timedelta(days=1)) if _stands(each)],
        missing=missing_steps(counselor),
        earlier_href=url_for("booking.today", day=day - timedelta(days=1)),
        later_href=url_for("booking.today", day=day + timedelta(days=1)),
        zone=counselor.zone,
    )


def _on(counselor: Person, day: date) -> list[Appointment | Gathering]:
    """Return what a day holds, in order: a session that several people share is one entry."""
    window, now = days_from(day, 1, ZoneInfo(counselor.zone)), ports().clock.now()
    found: list[Appointment | Gathering] = [*groups.between(counselor, window, now)]
    found += [each for each in queries.agenda(counselor, window, now) if each.group_session_id is None]
    return sorted(
        (each for each in found if window.starts_at <= each.span.starts_at < window.ends_at),
        key=lambda each: each.span.starts_at,
    )


def _stands(each: Appointment | Gathering) -> bool:
    return each.session.status == SCHEDULED if isinstance(each, Gathering) else each.status == CONFIRMED


def _room_is_open(appointment: Appointment) -> bool:
    early = timedelta(minutes=settings().room_opens_minutes_before)
    return ports().clock.now() >= appointment.starts_at - early
