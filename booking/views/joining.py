"""How clients come into a shared session: join a group, or book for two and more and ask the others along."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import directory, policies
from booking.forms_booking import ChosenTime
from booking.groups import families, invitations, services
from booking.groups import queries as groups
from booking.groups.forms import Family
from booking.models.appointments import Appointment
from booking.models.groups import GroupInvitation, GroupSession
from booking.models.services import Service
from booking.policy import FAMILY, HELD
from booking.refusals import BookingRefusedError
from booking.views.blueprint import bp
from booking.views.bookings import payment_href, refused
from booking.views.counselors import mode_in, service_in
from booking.waitlist import group_lines
from booking.waitlist import queries as waitlist
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.panels import panels
from practice.core.ports import ports
from practice.security import clients_only, current_person


@bp.get("/groups/<int:session_id>/joining")
@clients_only
def joining(session_id: int) -> ResponseReturnValue:
    """Show a group session for a last look; strangers come here after signing in."""
    return _join_page(groups.open_session(session_id) or abort(404))


@bp.post("/groups/<int:session_id>/joining")
@clients_only
def join_group(session_id: int) -> ResponseReturnValue:
    """Take a place and go on to paying, or to the confirmation when it is free."""
    session = groups.open_session(session_id) or abort(404)
    try:
        seat = group_lines.join(session, current_person(), now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _join_page(groups.open_session(session_id) or abort(404), str(refusal)), 409
    db.session.commit()
    return redirect(_next_step(seat), 303)


@bp.get("/counselors/<int:counselor_id>/families/new")
@clients_only
def new_family(counselor_id: int) -> ResponseReturnValue:
    """Ask who comes along and who pays; strangers come here after signing in."""
    chosen = ChosenTime.parse(request.args)
    if isinstance(chosen, Errors):
        return redirect(url_for("booking.counselor", counselor_id=counselor_id), 303)
    return _family_page(_service(counselor_id, chosen), chosen, blank())


@bp.post("/counselors/<int:counselor_id>/families")
@clients_only
def book_family(counselor_id: int) -> ResponseReturnValue:
    """Keep the time for all of them and go on to paying."""
    client, now = current_person(), ports().clock.now()
    chosen = ChosenTime.parse(request.form)
    if isinstance(chosen, Errors):
        return redirect(url_for("booking.counselor", counselor_id=counselor_id), 303)
    service = _service(counselor_id, chosen)
    form = Family.parse(request.form, most=service.capacity - 1, booker_email=client.email, priced=bool(service.price))
    if isinstance(form, Errors):
        return _family_page(service, chosen, form), 422
    try:
        seat = families.book(service, client, chosen.starts_at, form.companions, now=now, mode=chosen.mode)
    except BookingRefusedError as refusal:
        db.session.rollback()
        listing = directory.listing_of(counselor_id, now) or abort(404)
        return refused(listing, _service(counselor_id, chosen), chosen, refusal, now), 409
    db.session.commit()
    return redirect(_next_step(seat), 303)


@bp.get("/companions/<secret>")
@clients_only
def companion(secret: str) -> ResponseReturnValue:
    """Show what somebody is asked to come to."""
    return _invitation_page(_invitation(secret), secret)


@bp.post("/companions/<secret>")
@clients_only
def answer_invitation(secret: str) -> ResponseReturnValue:
    """Come along, or say no."""
    invitation, now = _invitation(secret), ports().clock.now()
    try:
        if request.form.get("answer") == "no":
            invitations.decline(invitation, now=now)
            db.session.commit()
            flash(f"You have said no. {invitation.invited_by.first_name} sees that.", "info")
            return redirect(url_for("booking.appointments"), 303)
        seat = invitations.accept(invitation, current_person(), now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _invitation_page(_invitation(secret), secret, str(refusal)), 409
    db.session.commit()
    return redirect(_next_step(seat), 303)


@bp.post("/companions/<int:invitation_id>/letters")
@clients_only
def ask_again(invitation_id: int) -> ResponseReturnValue:
    """Send somebody who has not answered a new link."""
    invitation = groups.waiting_invitation(current_person(), invitation_id) or abort(404)
    invitations.send(invitation, ports().clock.now())
    seat = groups.seat_held_by(current_person(), invitation.group_session)
    db.session.commit()
    flash(f"{invitation.name} gets a new letter. The link in the last one no longer works.", "good")
    return redirect(url_for("booking.show", appointment_id=seat) if seat else url_for("booking.appointments"), 303)


def _next_step(seat: Appointment) -> str:
    if seat.status == HELD:
        return payment_href(seat)
    return url_for("booking.confirmation", appointment_id=seat.id)


def _service(counselor_id: int, chosen: ChosenTime) -> Service:
    listing = directory.listing_of(counselor_id, ports().clock.now()) or abort(404)
    service = service_in(listing, chosen.service_id)
    return service if service is not None and service.kind == FAMILY else abort(404)


def _invitation(secret: str) -> GroupInvitation:
    return invitations.found(secret) or abort(404)


def _join_page(session: GroupSession, problem: str = "") -> str:
    client, now = current_person(), ports().clock.now()
    return render_template(
        "booking/joining.html",
        session=session,
        counselor=session.counselor,
        gathering=groups.gathering(session, now),
        over=session.starts_at <= now,
        closed=services.closes_at(session) < now,
        line=panels("group_full", session=session, viewer=client),
        offered=any(each.group_session_id == session.id for each in waitlist.offers_open(client=client)),
        problem=problem,
        zone=client.zone,
        terms=policies.in_force(),
        photographed=directory.photographed([session.counselor_id]),
    )


def _family_page(service: Service, chosen: ChosenTime, form: Errors) -> str:
    return render_template(
        "booking/family.html",
        service=service,
        counselor=service.counselor,
        starts_at=chosen.starts_at,
        mode=mode_in(service, chosen.mode),
        form=form,
        rows=range(1, service.capacity),
        zone=current_person().zone,
        terms=policies.in_force(),
        photographed=directory.photographed([service.counselor_id]),
    )


def _invitation_page(invitation: GroupInvitation, secret: str, problem: str = "") -> str:
    session, now = invitation.group_session, ports().clock.now()
    stands = session.status == "scheduled" and session.starts_at > now and invitation.declined_at is None
    return render_template(
        "booking/companion.html",
        invitation=invitation,
        session=session,
        counselor=session.counselor,
        secret=secret,
        stands=stands and not invitations.is_answered(invitation),
        problem=problem,
        zone=current_person().zone,
        terms=policies.in_force(),
        photographed=directory.photographed([session.counselor_id]),
    )
