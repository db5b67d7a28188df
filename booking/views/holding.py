"""The page that shows a held time keeps it, and says when it is left."""

from __future__ import annotations

import re

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from booking import holds
from booking.models.appointments import Appointment
from booking.views.appointments import seen
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.ports import ports
from practice.security import clients_only, current_person


@bp.post("/appointments/<int:appointment_id>/hold")
@clients_only
def keep_hold(appointment_id: int) -> ResponseReturnValue:
    """Note that a page shows the hold; it is kept as long as was promised first."""
    appointment, visit = _held(appointment_id)
    until = holds.keep(appointment, visit, ports().clock.now())
    db.session.commit()
    if until is None:
        return jsonify(words="This time is no longer held."), 409
    return jsonify(until=until.isoformat())


@bp.post("/appointments/<int:appointment_id>/hold/end")
@clients_only
def leave_hold(appointment_id: int) -> ResponseReturnValue:
    """Free the time in a moment, unless another page has shown the hold since."""
    appointment, visit = _held(appointment_id)
    holds.leave(appointment, visit, ports().clock.now())
    db.session.commit()
    return "", 204


def _held(appointment_id: int) -> tuple[Appointment, str]:
    appointment, visit = seen(appointment_id), request.form.get("visit", "")
    if appointment.client_id != current_person().id:
        abort(404)
    if not re.fullmatch(r"[0-9a-f]{32}", visit):
        abort(400)
    return appointment, visit
