"""Calling a session off, and moving it to another time; what happens is said before."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import policy, previews, services
from booking.forms_booking import Cancellation, day, instant
from booking.groups import moving as shared
from booking.groups import previews as group_previews
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED, Side
from booking.refusals import BookingRefusedError, NotAllowedError, SlotTakenError
from booking.views.appointments import other_zones, seen
from booking.views.blueprint import bp
from booking.views.times import Sought, times_of
from booking.views.zones import asked_zone, shown_zone
from booking.zones import choices
from practice.core import formats
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.core.spans import Span
from practice.security import current_person, signed_in


@bp.get("/appointments/<int:appointment_id>/cancellation")
@signed_in
def cancellation(appointment_id: int) -> ResponseReturnValue:
    """Say what cancelling means before anybody does it."""
    return _cancel_page(seen(appointment_id), blank())


@bp.post("/appointments/<int:appointment_id>/cancellation")
@signed_in
def cancel(appointment_id: int) -> ResponseReturnValue:
    """Call the session off."""
    appointment, person, now = seen(appointment_id), current_person(), ports().clock.now()
    words_needed = appointment.side_of(person) is not Side.CLIENT and appointment.status == CONFIRMED
    form = Cancellation.parse(request.form, words_needed=words_needed)
    if isinstance(form, Errors):
        return _cancel_page(appointment, form), 422
    try:
        services.cancel(appointment, by=person, now=now, reason=form.reason)
    except NotAllowedError:
        db.session.rollback()
        return _cancel_page(seen(appointment_id), blank()), 409
    db.session.commit()
    flash("The session is cancelled. Both of you get an e-mail.", "good")
    return redirect(url_for("booking.show", appointment_id=appointment_id), 303)


@bp.get("/appointments/<int:appointment_id>/move")
@signed_in
def move(appointment_id: int) -> ResponseReturnValue:
    """Offer other times, or show a chosen one for a last look."""
    appointment = seen(appointment_id)
    chosen = instant(request.args.get("starts_at", ""))
    if chosen is not None and _refusal(appointment) is None:
        return _last_look(appointment, chosen)
    return _move_page(appointment)


@bp.post("/appointments/<int:appointment_id>/move")
@signed_in
def move_to(appointment_id: int) -> ResponseReturnValue:
    """Move the session to the chosen time."""
    appointment, person = seen(appointment_id), current_person()
    chosen = instant(request.form.get("starts_at", ""))
    if chosen is None:
        return _move_page(appointment, "Choose a time."), 422
    try:
        if shared.leads(appointment, person):
            shared.move_for_all(appointment, starts_at=chosen, by=person, now=ports().clock.now())
        else:
            services.move(appointment, starts_at=chosen, by=person, now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _move_page(seen(appointment_id), _words(refusal, chosen, person.zone)), 409
    db.session.commit()
    told = "everybody gets" if appointment.group_session_id else "both of you get"
    flash(f"The session has moved. You can undo this for three minutes; then {told} an e-mail.", "good")
    return redirect(url_for("booking.show", appointment_id=appointment_id), 303)


@bp.post("/appointments/<int:appointment_id>/move/undo")
@signed_in
def undo_move(appointment_id: int) -> ResponseReturnValue:
    """Put the session back to its old time."""
    appointment, person, now = seen(appointment_id), current_person(), ports().clock.now()
    try:
        if appointment.group_session is not None and shared.leads(appointment, person):
            shared.undo(appointment.group_session, by=person, now=now)
        else:
            services.undo_move(appointment, by=person, now=now)
    except NotAllowedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return redirect(url_for("booking.show", appointment_id=appointment_id), 303)
    db.session.commit()
    flash("The session is back at its old time. Nobody was told.", "good")
    return redirect(url_for("booking.show", appointment_id=appointment_id), 303)


def _cancel_page(appointment: Appointment, form: Errors) -> str:
    person, now = current_person(), ports().clock.now()
    side = appointment.side_of(person) or Side.PRACTICE
    return render_template(
        "booking/cancellation.html",
        appointment=appointment,
        form=form,
        side=str(side),
        other=appointment.other_than(person),
        zone=person.zone,
        refusal=policy.refusal_to_cancel(appointment.standing, side, now),
        late=side is Side.CLIENT and policy.is_late(appointment.standing, now),
        may_move=shared.refusal_to_move(appointment, person, now) is None,
        for_all=shared.leads(appointment, person),
    )


def _refusal(appointment: Appointment) -> str | None:
    return shared.refusal_to_move(appointment, current_person(), ports().clock.now())


def _move_page(appointment: Appointment, problem: str = "") -> str:
    person, now, zone = current_person(), ports().clock.now(), shown_zone()
    side = appointment.side_of(person) or Side.CLIENT
    refusal = shared.refusal_to_move(appointment, person, now)
    sought = Sought.moving(appointment, side=side)
    return render_template(
        "booking/move.html",
        appointment=appointment,
        side=str(side),
        other=appointment.other_than(person),
        refusal=refusal,
        problem=problem,
        times=None if refusal else times_of(sought, zone=zone, first=day(request.args.get("since")), now=now),
        zone=zone,
        zones=choices(now, besides=[zone]),
        asked_zone=asked_zone(),
        own_zone=person.zone,
    )


def _last_look(appointment: Appointment, chosen: datetime) -> str:
    person, now = current_person(), ports().clock.now()
    after, session = Span.lasting(chosen, appointment.span.minutes), appointment.group_session
    return render_template(
        "booking/move_check.html",
        appointment=appointment,
        starts_at=chosen,
        ends_at=chosen + (appointment.ends_at - appointment.starts_at),
        side=str(appointment.side_of(person)),
        other=appointment.other_than(person),
        other_zones=other_zones(appointment, person),
        zone=person.zone,
        notices=group_previews.of_move(session, after, person, now)
        if session
        else previews.of_move(appointment, after, now),
    )


def _words(refusal: BookingRefusedError, chosen: datetime, zone: str) -> str:
    if isinstance(refusal, SlotTakenError):
        return f"{formats.when(chosen, zone)} has just been taken. Choose another time; nothing has changed yet."
    return f"{refusal} Nothing has changed yet."
