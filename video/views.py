"""The room's page, the token that opens it, and the address that takes the media server's reports."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from booking.models.appointments import Appointment
from practice.core.db import db, reading
from practice.core.ports import ports
from practice.core.settings import settings
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import counselors_only, current_person, machines_only, signed_in
from video import queries, servers, services
from video.arrivals.pages import arrival_form, call_back
from video.arrivals.queries import told
from video.guests.queries import withdrawn_from
from video.reporting import MOST_BYTES, SIGNATURE_HEADER, BadReportError, beat_in, read
from video.servers import StrangeServerError
from video.services import RoomShutError
from video.window import Door

bp = Blueprint("video", __name__)


@bp.get("/appointments/<int:appointment_id>/room")
@signed_in
def room(appointment_id: int) -> ResponseReturnValue:
    """Show the device check, the waiting room and the call: one page, so that nothing reloads between them."""
    person, now = current_person(), ports().clock.now()
    appointment = _session(appointment_id)
    try:
        services.refuse_shut(appointment, person, now=now)
    except RoomShutError as error:
        if error.code != "early":
            return render_template("video/shut.html", appointment=appointment, error=error), 409
    window, is_counselor = queries.window(appointment), person.id == appointment.counselor_id
    return render_template(
        "video/room.html",
        appointment=appointment,
        guest=None,
        other=appointment.other_than(person),
        shared=appointment.group_session,
        is_counselor=is_counselor,
        arrival=None if is_counselor else arrival_form(person),
        told=told(appointment, person) is not None,
        notes_beside=queries.notes_beside(appointment, person),
        window=window,
        is_early=window.door(now) is Door.EARLY,
        now=now,
        phone=_phone(appointment, person),
    )


@bp.post("/appointments/<int:appointment_id>/room/token")
@signed_in
def token(appointment_id: int) -> ResponseReturnValue:
    """Give the person's page its way into the room, or say in words why there is none now."""
    appointment = _session(appointment_id)
    try:
        unreachable = request.form.get("unreachable", "")
        entry = services.enter(appointment, current_person(), unreachable=unreachable, now=ports().clock.now())
    except RoomShutError as error:
        return jsonify(code=error.code, words=str(error)), 409
    db.session.commit()
    return jsonify(token=entry.token, url=entry.url, ice_servers=entry.ice_servers)


@bp.post("/appointments/<int:appointment_id>/room/probe")
@signed_in
def probe(appointment_id: int) -> ResponseReturnValue:
    """Let the person's page test its path to the media server; the room may still be shut."""
    _session(appointment_id)
    entry = services.probe(str(current_person().id), now=ports().clock.now())
    return jsonify(token=entry.token, url=entry.url, ice_servers=entry.ice_servers)


@bp.get("/rooms/waiting")
@counselors_only
def waiting() -> ResponseReturnValue:
    """Show who waits for this counselor now, for pages that look again and again; nothing when nobody does."""
    now = ports().clock.now()
    people = queries.people_waiting(now, counselor=current_person())
    if not people:
        return "", 204
    return render_template("video/waiting_now.html", people=people, may_enter=True, now=now)


@bp.post("/internal/media/reports")
@machines_only
def reports() -> ResponseReturnValue:
    """Take what the media server saw, once each."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(413)
    now = ports().clock.now()
    try:
        told = read(request.get_data(), request.headers.get(SIGNATURE_HEADER, ""), settings().media_key, now=now)
    except BadReportError as error:
        return jsonify(words=str(error)), 403
    services.take(told, now=now)
    db.session.commit()
    return "", 204


@bp.post("/internal/media/beats")
@machines_only
def beats() -> ResponseReturnValue:
    """Note that a media server lives, and tell it what has become of the rooms it has people in."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(413)
    header, now = request.headers.get(SIGNATURE_HEADER, ""), ports().clock.now()
    try:
        told = beat_in(request.get_data(), header, settings().media_key, now=now)
        elsewhere = servers.beat(told, now=now)
    except BadReportError as error:
        return jsonify(words=str(error)), 403
    except StrangeServerError as error:
        return jsonify(words=str(error)), 409
    db.session.commit()
    with reading():
        return jsonify(
            elsewhere=elsewhere,
            shut=queries.called_off(told.rooms),
            out=_out(told.rooms),
            hours=queries.hours_of(told.rooms),
        )


def _out(uids: list[str]) -> dict[str, list[str]]:
    gone, uninvited = queries.shown_out(uids), withdrawn_from(uids)
    return {uid: gone.get(uid, []) + uninvited.get(uid, []) for uid in {*gone, *uninvited}}


def _phone(appointment: Appointment, person: Person) -> str:
    """Find the number to call when the connection stays away: the client's of today, or the practice's."""
    if person.id == appointment.counselor_id and appointment.group_session is None:
        return call_back(appointment.client, told(appointment, appointment.client))
    return the_practice().phone


def _session(appointment_id: int) -> Appointment:
    return queries.session_of(current_person(), appointment_id) or abort(404)
