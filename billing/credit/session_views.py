"""Paying for a session from credit."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from billing.credit import services, sessions
from billing.views.blueprint import bp
from booking.models.appointments import Appointment
from practice.core.db import db
from practice.core.ports import ports
from practice.security import clients_only, current_person


@bp.post("/appointments/<int:appointment_id>/credit")
@clients_only
def pay_from_credit(appointment_id: int) -> ResponseReturnValue:
    """Pay for a session from credit, as far as it goes."""
    client = current_person()
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None or appointment.billed.id != client.id:
        abort(404)
    try:
        paid = sessions.pay(appointment, by=client, now=ports().clock.now())
    except services.CannotUseCreditError as error:
        db.session.rollback()
        flash(str(error), "bad")
    else:
        db.session.commit()
        flash(*((f"{paid} was paid from your credit.", "good") if paid else ("There was nothing to pay.", "info")))
    return redirect(url_for("billing.pay", appointment_id=appointment_id), 303)
