"""What video puts on the pages of others: the way into the room, and who waits there now."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from booking.models.appointments import Appointment
from booking.policy import VIDEO, Side
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person
from video import queries
from video.guests.queries import invited_to
from video.logbook import queries as logbook
from video.logbook import words
from video.logbook.testimony import fault_words
from video.window import Door


def fill() -> None:
    """Fill the places."""
    fills("appointment", order=10)(way_in)
    fills("appointment", order=12)(guests)
    fills("appointment", order=15)(what_the_room_saw)
    fills("counselor_today", order=10)(waiting_for_counselor)
    fills("counselor_pages", order=10)(waiting_on_any_page)
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


def guests(appointment: Appointment, viewer: Person, **_: Any) -> str | None:
    """Show who else is asked into the session: to its counselor, who asks, and to its clients."""
    is_over = queries.window(appointment).door(ports().clock.now()) is Door.OVER
    if appointment.mode != VIDEO or appointment.status not in queries.STANDING or is_over:
        return None
    invited, is_counselor = invited_to(appointment), viewer.id == appointment.counselor_id
    if viewer.id not in _people(appointment) or not (invited or is_counselor):
        return None
    return render_template("video/guests_card.html", appointment=appointment, guests=invited, may_ask=is_counselor)


def what_the_room_saw(appointment: Appointment, viewer: Person, **_: Any) -> str | None:
    """Show the counselor and the practice what the session's room saw."""
    if appointment.mode != VIDEO or appointment.side_of(viewer) in {None, Side.CLIENT}:
        return None
    log = logbook.log_of(appointment)
    if log is None:
        return None
    is_doubtful = not log.took_place and appointment.ends_at <= ports().clock.now()
    fault = fault_words(appointment) if is_doubtful else None
    return render_template("video/saw.html", log=log, appointment=appointment, fault=fault, viewer=viewer, words=words)


def waiting_for_counselor(**_: Any) -> str | None:
    """Show a counselor who waits for them, and keep looking."""
    now = ports().clock.now()
    people = queries.people_waiting(now, counselor=current_person())
    return render_template("video/waiting_live.html", people=people, may_enter=True, now=now, floats=False)


def waiting_on_any_page(**_: Any) -> str | None:
    """Look who waits for a counselor, whatever page they are on; their day has a place of its own for it."""
    if request.endpoint == "booking.today":
        return None
    return render_template("video/waiting_live.html", people=[], floats=True)


def waiting_anywhere(**_: Any) -> str | None:
    """Show an administrator who waits for whom."""
    now = ports().clock.now()
    people = queries.people_waiting(now)
    return render_template("video/waiting_now.html", people=people, may_enter=False, now=now) if people else None


def _people(appointment: Appointment) -> tuple[int, int]:
    return appointment.client_id, appointment.counselor_id
