"""Sessions that are asked for: the counselor approves or declines, the client may take a request back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.forms_booking import Cancellation
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED, REQUESTED, Side
from booking.refusals import BookingRefusedError
from booking.requests import services
from booking.views.appointments import seen
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.security import clients_only, counselors_only, current_person

Deed = Callable[[Appointment, datetime], object]


@bp.post("/appointments/<int:appointment_id>/approval")
@counselors_only
def approve(appointment_id: int) -> ResponseReturnValue:
    """Say yes to a request."""
    appointment = _asked(appointment_id)
    name, person = appointment.client.first_name, current_person()
    answer = _do(appointment_id, lambda wanted, now: services.approve(wanted, by=person, now=now))
    if answer is not None:
        return answer
    booked = appointment.status == CONFIRMED
    words = f"{name} is booked and told." if booked else f"{name} gets an e-mail with the way to pay."
    flash(f"Approved. {words}", "good")
    return redirect(url_for("booking.show", appointment_id=appointment_id), 303)


@bp.get("/appointments/<int:appointment_id>/refusal")
@counselors_only
def refusal(appointment_id: int) -> ResponseReturnValue:
    """Ask for a few words before a request is declined."""
    appointment = _asked(appointment_id)
    if appointment.status != REQUESTED:
        return redirect(url_for("booking.show", appointment_id=appointment_id), 303)
    return _decline_page(appointment, blank())


@bp.post("/appointments/<int:appointment_id>/refusal")
@counselors_only
def decline(appointment_id: int) -> ResponseReturnValue:
    """Say no to a request, kindly."""
    appointment, person = _asked(appointment_id), current_person()
    form = Cancellation.parse(request.form, words_needed=True)
    if isinstance(form, Errors):
        return _decline_page(appointment, form), 422
    name, reason = appointment.client.first_name, form.reason
    answer = _do(appointment_id, lambda wanted, now: services.decline(wanted, by=person, now=now, reason=reason))
    if answer is not None:
        return answer
    flash(f"Declined. {name} gets your words by e-mail.", "good")
    return redirect(url_for("booking.today"), 303)


@bp.post("/appointments/<int:appointment_id>/withdrawal")
@clients_only
def withdraw(appointment_id: int) -> ResponseReturnValue:
    """Take one's own request back."""
    appointment, person = seen(appointment_id), current_person()
    if appointment.client_id != person.id:
        abort(404)
    answer = _do(appointment_id, lambda wanted, now: services.withdraw(wanted, by=person, now=now))
    if answer is not None:
        return answer
    flash("Your request is taken back. Nothing was booked or charged.", "good")
    return redirect(url_for("booking.appointments"), 303)


def _do(appointment_id: int, deed: Deed) -> ResponseReturnValue | None:
    try:
        deed(seen(appointment_id), ports().clock.now())
    except BookingRefusedError as refused:
        db.session.rollback()
        flash(str(refused), "bad")
        return redirect(url_for("booking.show", appointment_id=appointment_id), 303)
    db.session.commit()
    return None


def _asked(appointment_id: int) -> Appointment:
    appointment = seen(appointment_id)
    if appointment.side_of(current_person()) is not Side.COUNSELOR:
        abort(404)
    return appointment


def _decline_page(appointment: Appointment, form: Errors) -> str:
    return render_template("booking/decline.html", appointment=appointment, form=form, zone=current_person().zone)
