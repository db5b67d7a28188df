"""A session's own page for both sides, the client's list, the calendar file and who came."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import calendar, directory, moving, policies, policy, queries, services
from booking.calendar import Method
from booking.groups import moving as shared
from booking.letters import entry_for
from booking.models.appointments import Appointment
from booking.models.moves import Move
from booking.policy import CANCELLED, EXPIRED, HELD, REQUESTED, Side
from booking.refusals import NotAllowedError
from booking.requests import queries as requests
from booking.series.queries import to_pay_first
from booking.views.blueprint import bp
from booking.views.bookings import payment_href
from booking.views.directory import Page
from booking.views.times import Sought
from practice.core.db import db
from practice.core.ports import ports
from practice.models import Person
from practice.security import clients_only, counselors_only, current_person, signed_in

PAGE_SIZE = 20


@bp.get("/appointments")
@clients_only
def appointments() -> ResponseReturnValue:
    """List what a client has ahead and what lies behind."""
    client, now = current_person(), ports().clock.now()
    number = request.args.get("page", 1, type=int)
    number = min(max(number or 1, 1), 1000)
    past = queries.past(client, now, most=PAGE_SIZE + 1, offset=(number - 1) * PAGE_SIZE)
    ahead = queries.upcoming(client, now) if number == 1 else []
    page = Page(
        number,
        0,
        url_for("booking.appointments", page=number - 1) if number > 1 else None,
        url_for("booking.appointments", page=number + 1) if len(past) > PAGE_SIZE else None,
    )
    shown = past[:PAGE_SIZE]
    return render_template(
        "booking/appointments.html",
        asked=requests.asked_by(client, now) if number == 1 else [],
        ahead=ahead,
        past=shown,
        page=page,
        photographed=directory.photographed({each.counselor_id for each in [*ahead, *shown]}),
    )


@bp.get("/appointments/<int:appointment_id>")
@signed_in
def show(appointment_id: int) -> ResponseReturnValue:
    """Show a session to the two who meet and to administrators."""
    appointment = seen(appointment_id)
    viewer, now = current_person(), ports().clock.now()
    if is_gone(appointment, now):
        return _gone(appointment, viewer, now)
    panel = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render_template("booking/_drawer.html" if panel else "booking/show.html", **facts(appointment, viewer, now))


@bp.get("/appointments/<int:appointment_id>/calendar.ics")
@signed_in
def ics(appointment_id: int) -> ResponseReturnValue:
    """Give the session as a file that calendars take."""
    appointment = seen(appointment_id)
    if appointment.confirmed_at is None:
        abort(404)
    method = Method.CANCEL if appointment.status == CANCELLED else Method.PUBLISH
    answer = Response(calendar.ics(entry_for(appointment, current_person()), method))
    answer.headers["Content-Type"] = calendar.content_type(method)
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


@bp.post("/appointments/<int:appointment_id>/attendance")
@counselors_only
def attendance(appointment_id: int) -> ResponseReturnValue:
    """Note whether the client came."""
    appointment = seen(appointment_id)
    attended = request.form.get("attended", "")
    if appointment.side_of(current_person()) is not Side.COUNSELOR:
        abort(404)
    if attended not in {"yes", "no"}:
        abort(400)
    try:
        services.mark_attended(appointment, attended=attended == "yes", by=current_person(), now=ports().clock.now())
    except NotAllowedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return redirect(url_for("booking.show", appointment_id=appointment_id), 303)
    db.session.commit()
    flash("Marked as completed." if attended == "yes" else f"Marked as missed.{_free_to_miss(appointment)}", "good")
    return redirect(url_for("booking.show", appointment_id=appointment_id), 303)


def seen(appointment_id: int) -> Appointment:
    """Return a session the person may see; abort with 404 otherwise."""
    return queries.appointment_for(current_person(), appointment_id) or abort(404)


def is_gone(appointment: Appointment, now: datetime) -> bool:
    """Tell whether a hold ended without a booking, noticed by the scheduler or not yet."""
    lapsed = appointment.status == HELD and appointment.held_until is not None and appointment.held_until <= now
    return appointment.status == EXPIRED or lapsed


def facts(appointment: Appointment, viewer: Person, now: datetime) -> dict[str, object]:
    """Gather what the session's page and its drawer show, and what this person may do with it."""
    side = appointment.side_of(viewer) or abort(404)
    other = appointment.other_than(viewer)
    asked = appointment.status == REQUESTED
    return {
        "appointment": appointment,
        "side": str(side),
        "other": other,
        "zone": viewer.zone,
        "other_zones": other_zones(appointment, viewer),
        "may_move": shared.refusal_to_move(appointment, viewer, now) is None,
        "may_cancel": policy.refusal_to_cancel(appointment.standing, side, now) is None,
        "may_close": side is Side.COUNSELOR and policy.refusal_to_close(appointment.standing, now) is None,
        "payment_href": payment_href(to_pay_first(appointment))
        if side is Side.CLIENT and appointment.status == HELD
        else "",
        "rivals": requests.rivals(appointment, now) if side is not Side.CLIENT and asked else 0,
        "asked": asked,
        "undoable": _undoable(appointment, viewer, now),
        "photographed": directory.photographed([appointment.counselor_id]),
    }


def _undoable(appointment: Appointment, viewer: Person, now: datetime) -> Move | None:
    session = appointment.group_session
    if session is not None and shared.leads(appointment, viewer):
        return shared.undoable(session, viewer, now)
    return moving.undoable(appointment, viewer, now)


def other_zones(appointment: Appointment, viewer: Person) -> list[tuple[Person, str]]:
    """Return the people of a session on whose clocks it reads differently than on the viewer's."""
    here = appointment.starts_at.astimezone(ZoneInfo(viewer.zone)).utcoffset()
    return [
        (person, person.zone)
        for person in (appointment.client, appointment.counselor)
        if person.id != viewer.id and appointment.starts_at.astimezone(ZoneInfo(person.zone)).utcoffset() != here
    ]


def _gone(appointment: Appointment, viewer: Person, now: datetime) -> ResponseReturnValue:
    service = appointment.service
    free = False
    nearest: list[datetime] = []
    if viewer.id == appointment.client_id and service.active:
        sought = Sought.booking(service, client=viewer)
        nearest = sought.nearest(appointment.starts_at, now)
        free = appointment.starts_at in sought.free(appointment.span, now)
    return render_template(
        "booking/gone.html", appointment=appointment, free=free, nearest=nearest, zone=viewer.zone, service=service
    )


def _payment_href(appointment: Appointment) -> str:
    """Lead to paying while a time is kept; of several dates kept together, the first is the one to pay."""
    return payment_href(to_pay_first(appointment)) if appointment.status == HELD else ""


def _free_to_miss(appointment: Appointment) -> str:
    """Say what happens to the money where the terms ask for nothing."""
    if not appointment.price or policies.fees_of(appointment)[1]:
        return ""
    return " It costs nothing by the terms it was booked under: what was paid goes back after a day."
