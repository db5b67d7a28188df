"""Arriving: the client says where they are, the counselor reads it and answers for meeting all the same."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from booking.models.appointments import Appointment
from practice.core import audit, forms
from practice.core.db import db
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import clients_only, counselors_only, current_person
from video import services as rooms
from video.arrivals import pages, queries, services
from video.arrivals.forms import Reason, Told
from video.queries import clients_of, session_of

bp = Blueprint("arrivals", __name__)


@bp.post("/appointments/<int:appointment_id>/room/arrival")
@clients_only
def tell(appointment_id: int) -> ResponseReturnValue:
    """Keep where a client is now; the same form with words when something is missing."""
    client, now = current_person(), ports().clock.now()
    appointment = _session(appointment_id, client_id=client.id)
    try:
        rooms.refuse_shut(appointment, client, now=now)
    except rooms.RoomShutError as error:
        return jsonify(code=error.code, words=str(error)), 409
    last = queries.remembered(client)
    told = Told.parse(request.form, last=last.said if last else None)
    if isinstance(told, forms.Errors):
        filled = pages.arrival_form(client, told)
        page = render_template("video/parts/arrival_forms.html", appointment=appointment, arrival=filled)
        return page, 422
    services.tell(appointment, client, told, now=now)
    db.session.commit()
    return "", 204


@bp.get("/appointments/<int:appointment_id>/room/arrivals")
@counselors_only
def told(appointment_id: int) -> ResponseReturnValue:
    """Tell the counselor where each client of the session is and how to call them, without addresses."""
    appointment = _session(appointment_id, counselor_id=current_person().id)
    arrivals = queries.in_session(appointment)
    return jsonify(
        {str(each.person_id): pages.told_words(each) | {"leave": services.leave_to_meet(each)} for each in arrivals}
    )


@bp.post("/appointments/<int:appointment_id>/room/arrivals/<int:arrival_id>/override")
@counselors_only
def override(appointment_id: int, arrival_id: int) -> ResponseReturnValue:
    """Keep the counselor's reason to meet somebody whom no licence of theirs covers."""
    counselor = current_person()
    arrival = queries.one_of(_session(appointment_id, counselor_id=counselor.id), arrival_id) or abort(404)
    reason = Reason.parse(request.form)
    if isinstance(reason, forms.Errors):
        return jsonify(words=reason.messages["reason"]), 422
    services.override(arrival, counselor, reason.text, now=ports().clock.now())
    db.session.commit()
    return "", 204


@bp.get("/appointments/<int:appointment_id>/room/emergency")
@counselors_only
def emergency(appointment_id: int) -> ResponseReturnValue:
    """Show where each client is, whom to call there, and what to say."""
    counselor = current_person()
    appointment = _session(appointment_id, counselor_id=counselor.id)
    audit.record_aside("arrival.read", person_id=counselor.id, subject=("appointment", appointment.id))
    clients = clients_of(appointment)
    people = pages.emergency(clients, queries.in_session(appointment))
    return render_template("video/parts/emergency.html", people=people, practice=the_practice())


def _session(appointment_id: int, **whose: int) -> Appointment:
    """Load a session on one's own side of it; anybody else's is a 404."""
    appointment = session_of(current_person(), appointment_id) or abort(404)
    if any(getattr(appointment, side) != person for side, person in whose.items()):
        abort(404)
    return appointment
