"""Guests: the counselor asks them in and takes it back; they open their link once and come to the waiting room."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from booking.models.appointments import Appointment
from practice.core import forms
from practice.core.db import db
from practice.core.ports import ports
from practice.links import absolute
from practice.security import counselors_only, current_person, open_to_all
from video import queries as rooms
from video import services as entering
from video.guests import queries, services
from video.guests.forms import Invite
from video.guests.models import PARTS, Guest
from video.guests.services import LinkGoneError
from video.services import RoomShutError
from video.window import Door, Window

bp = Blueprint("guests", __name__)


@bp.get("/appointments/<int:appointment_id>/room/guests")
@counselors_only
def listing(appointment_id: int) -> ResponseReturnValue:
    """Show who is asked into a session, and ask somebody more."""
    return _page(_session(appointment_id), forms.blank())


@bp.post("/appointments/<int:appointment_id>/room/guests")
@counselors_only
def invite(appointment_id: int) -> ResponseReturnValue:
    """Ask somebody in, and show their link this once."""
    appointment, now = _session(appointment_id), ports().clock.now()
    asked = Invite.parse(request.form)
    if isinstance(asked, forms.Errors):
        return _page(appointment, asked), 422
    guest, secret = services.invite(appointment, current_person(), asked, now=now)
    db.session.commit()
    return _page(appointment, forms.blank(), made=guest, link=absolute("guests.invitation", secret=secret))


@bp.post("/appointments/<int:appointment_id>/room/guests/<int:guest_id>/withdrawal")
@counselors_only
def withdraw(appointment_id: int, guest_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    appointment = _session(appointment_id)
    guest = next((each for each in queries.invited_to(appointment) if each.id == guest_id), None) or abort(404)
    services.withdraw(guest, current_person(), now=ports().clock.now())
    db.session.commit()
    return redirect(url_for("guests.listing", appointment_id=appointment.id), 303)


@bp.get("/guests/<secret>")
@open_to_all
def invitation(secret: str) -> ResponseReturnValue:
    """Say where the link leads; looking does not use it up."""
    try:
        guest = services.check(queries.by_link(secret), now=ports().clock.now())
    except LinkGoneError as error:
        return render_template("video/guest_gone.html", error=error), 410
    return render_template("video/guest.html", guest=guest, secret=secret, parts=PARTS, window=_window(guest))


@bp.post("/guests/<secret>")
@open_to_all
def arrive(secret: str) -> ResponseReturnValue:
    """Trade the link for a seat that this browser alone holds."""
    now = ports().clock.now()
    try:
        guest = services.check(queries.by_link(secret), now=now)
        seat = services.take_seat(guest, now=now)
    except LinkGoneError as error:
        db.session.rollback()
        return render_template("video/guest_gone.html", error=error), 410
    db.session.commit()
    session[f"guest {guest.id}"] = seat
    return redirect(url_for("guests.room", guest_id=guest.id), 303)


@bp.get("/guests/<int:guest_id>/room")
@open_to_all
def room(guest_id: int) -> ResponseReturnValue:
    """Show a guest the device check, the waiting room and the call."""
    guest, now = _guest(guest_id), ports().clock.now()
    try:
        services.refuse_shut(guest, now=now)
    except RoomShutError as error:
        if error.code != "early":
            return render_template("video/guest_gone.html", error=error, was_in=True), 409
    window = _window(guest)
    appointment = queries.standing(guest)
    return render_template(
        "video/room.html",
        appointment=appointment,
        guest=guest,
        other=appointment.counselor,
        shared=appointment.group_session,
        is_counselor=False,
        arrival=None,
        told=True,
        notes_beside=False,
        window=window,
        is_early=window.door(now) is Door.EARLY,
        now=now,
    )


@bp.post("/guests/<int:guest_id>/room/token")
@open_to_all
def token(guest_id: int) -> ResponseReturnValue:
    """Give a guest's page its way into the room, or say in words why there is none now."""
    guest, unreachable = _guest(guest_id), request.form.get("unreachable", "")
    try:
        entry = services.enter(guest, unreachable=unreachable, now=ports().clock.now())
    except RoomShutError as error:
        return jsonify(code=error.code, words=str(error)), 409
    db.session.commit()
    return jsonify(token=entry.token, url=entry.url, ice_servers=entry.ice_servers)


@bp.post("/guests/<int:guest_id>/room/probe")
@open_to_all
def probe(guest_id: int) -> ResponseReturnValue:
    """Let a guest's page test its path to the media server."""
    entry = entering.probe(_guest(guest_id).key, now=ports().clock.now())
    return jsonify(token=entry.token, url=entry.url, ice_servers=entry.ice_servers)


def _window(guest: Guest) -> Window:
    return rooms.window(queries.standing(guest))


def _guest(guest_id: int) -> Guest:
    """Load the guest whose seat this browser holds; anybody else's is a 404."""
    return queries.seated(guest_id, session.get(f"guest {guest_id}", "")) or abort(404)


def _session(appointment_id: int) -> Appointment:
    """Load a video session of the counselor's own that is not over."""
    appointment = rooms.session_of(current_person(), appointment_id) or abort(404)
    if appointment.counselor_id != current_person().id:
        abort(404)
    try:
        entering.refuse_shut(appointment, current_person(), now=ports().clock.now())
    except RoomShutError as error:
        if error.code != "early":
            abort(404)
    return appointment


def _page(appointment: Appointment, form: forms.Errors, *, made: Guest | None = None, link: str = "") -> str:
    in_room = "HX-Request" in request.headers
    return render_template(
        "video/parts/guests.html" if in_room else "video/guests.html",
        appointment=appointment,
        guests=queries.invited_to(appointment),
        form=form,
        made=made,
        link=link,
        parts=PARTS,
    )
