"""What video puts on the pages of others: the way into the room, and who waits there now."""

from __future__ import annotations

from typing import Any

from flask import render_template

from booking.models.appointments import Appointment
from booking.policy import VIDEO
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person
from video import queries
from video.window import Door


def fill() -> None:
    """Fill the places."""
    fills("appointment", order=10)(way_in)
    fills("counselor_today", order=10)(waiting_for_counselor)
    fills("administrator_day", order=20)(waiting_anywhere)


def way_in(appointment: Appointment, viewer: Person, **_: Any) -> str | None:
    """Show the way to the room to the two people who meet there, until it closes."""
    door = queries.window(appointment).door(ports().clock.now())
    if appointment.mode != VIDEO:
        return None
    if appointment.status not in queries.STANDING or door is Door.OVER or viewer.id not in _people(appointment):
        return None
    return render_template(
        "video/way_in.html",
        appointment=appointment,
        viewer=viewer,
        window=queries.window(appointment),
        is_open=door is Door.OPEN,
    )


def waiting_for_counselor(**_: Any) -> str | None:
    """Show a counselor who waits for them."""
    now = ports().clock.now()
    return _waiting(queries.people_waiting(now, counselor=current_person()), may_enter=True)


def waiting_anywhere(**_: Any) -> str | None:
    """Show an administrator who waits for whom."""
    return _waiting(queries.people_waiting(ports().clock.now()), may_enter=False)


def _people(appointment: Appointment) -> tuple[int, int]:
    return appointment.client_id, appointment.counselor_id


def _waiting(people: list[tuple[Appointment, Any]], *, may_enter: bool) -> str | None:
    if not people:
        return None
    return render_template("video/waiting_now.html", people=people, may_enter=may_enter, now=ports().clock.now())
