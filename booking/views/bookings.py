"""From a chosen time to a session that stands: hold it, pay if it costs anything, or let it go."""

from __future__ import annotations

from datetime import datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import directory, queries, services
from booking.directory import Listing
from booking.forms_booking import ChosenTime
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import CONFIRMED, EXPIRED, HELD, REQUESTED
from booking.refusals import BookingRefusedError, ClientBusyError, SlotTakenError
from booking.requests import services as requests
from booking.views.blueprint import bp
from booking.views.counselors import counselor_page, service_in
from booking.views.times import Sought
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import clients_only, current_person


@bp.post("/counselors/<int:counselor_id>/appointments")
@clients_only
def hold(counselor_id: int) -> ResponseReturnValue:
    """Keep the chosen time and go on to paying, or to the confirmation when it is free."""
    now = ports().clock.now()
    listing = directory.listing_of(counselor_id, now) or abort(404)
    chosen = ChosenTime.parse(request.form)
    if isinstance(chosen, Errors):
        return counselor_page(listing, now, problem=" ".join(chosen.messages.values())), 422
    service = service_in(listing, chosen.service_id)
    if service is None:
        return counselor_page(listing, now, problem="That is no longer offered. Choose another kind of session."), 422
    try:
        take = requests.ask if service.on_request else services.hold
        appointment = take(
            counselor=listing.counselor,
            client=current_person(),
            service=service,
            starts_at=chosen.starts_at,
            now=now,
            mode=chosen.mode,
        )
    except BookingRefusedError as refusal:
        db.session.rollback()
        return refused(listing, service, chosen, refusal, now), 409
    db.session.commit()
    return redirect(_next_step(appointment), 303)


@bp.get("/appointments/<int:appointment_id>/confirmation")
@clients_only
def confirmation(appointment_id: int) -> ResponseReturnValue:
    """Say that the session stands, once it does."""
    appointment = _own(appointment_id)
    if appointment.status != CONFIRMED:
        return redirect(url_for("booking.show", appointment_id=appointment.id), 303)
    return render_template(
        "booking/confirmation.html",
        appointment=appointment,
        photographed=directory.photographed([appointment.counselor_id]),
    )


@bp.post("/appointments/<int:appointment_id>/release")
@clients_only
def release(appointment_id: int) -> ResponseReturnValue:
    """Let a held time go."""
    appointment = _own(appointment_id)
    was_held = appointment.status == HELD
    services.release(appointment, now=ports().clock.now())
    db.session.commit()
    if appointment.status not in {HELD, EXPIRED}:
        return redirect(url_for("booking.show", appointment_id=appointment.id), 303)
    flash("The time is free again. Nothing was charged." if was_held else "This time was no longer held.", "info")
    return redirect(url_for("booking.counselor", counselor_id=appointment.counselor_id), 303)


def refused(listing: Listing, service: Service, chosen: ChosenTime, refusal: BookingRefusedError, now: datetime) -> str:
    """Say why the time cannot be had, with the times nearest to it."""
    client = current_person()
    mode = chosen.mode if chosen.mode in service.modes else service.modes[0]
    heading, words = "That time has just been taken", ""
    if isinstance(refusal, ClientBusyError):
        heading, words = "You already have a session then", "Choose another time."
    elif not isinstance(refusal, SlotTakenError):
        heading, words = "That time cannot be booked", str(refusal)
    return render_template(
        "booking/taken.html",
        heading=heading,
        words=words,
        listing=listing,
        counselor=listing.counselor,
        service=service,
        wanted=chosen.starts_at,
        mode=mode,
        nearest=Sought.booking(service, client=client, mode=mode).nearest(chosen.starts_at, now),
        zone=client.zone,
    )


def payment_href(appointment: Appointment) -> str:
    """Return where a held session is paid, or its own page while nothing takes payments."""
    endpoint = "billing.pay" if "billing.pay" in current_app.view_functions else "booking.show"
    return url_for(endpoint, appointment_id=appointment.id)


def _next_step(appointment: Appointment) -> str:
    if appointment.status == HELD:
        return payment_href(appointment)
    if appointment.status == REQUESTED:
        return url_for("booking.show", appointment_id=appointment.id)
    return url_for("booking.confirmation", appointment_id=appointment.id)


def _own(appointment_id: int) -> Appointment:
    person = current_person()
    appointment = queries.appointment_for(person, appointment_id)
    if appointment is None or appointment.client_id != person.id:
        abort(404)
    return appointment
