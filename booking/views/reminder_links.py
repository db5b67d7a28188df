"""The pages behind the one-time link in a reminder: looking changes nothing, pressing acts once."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import policy, services
from booking.forms_booking import day, instant
from booking.policy import CONFIRMED, Side
from booking.refusals import BookingRefusedError
from booking.reminding import answers, links
from booking.reminding.links import Led, State
from booking.views.appointments import seen
from booking.views.blueprint import bp
from booking.views.times import Sought, times_of
from practice.core.db import db
from practice.core.ports import ports
from practice.security import clients_only, current_person, open_to_all


@bp.get("/r/<secret>")
@open_to_all
def reminder_link(secret: str) -> ResponseReturnValue:
    """Show the appointment, and what can be done about it."""
    return _page(secret, _followed(secret))


@bp.post("/r/<secret>/attendance")
@open_to_all
def reminder_confirm(secret: str) -> ResponseReturnValue:
    """Note that the client will be there."""
    led, now = _followed(secret), ports().clock.now()
    if not links.use(led, "confirm", now):
        return _page(secret, led), 409
    answers.confirm(led.appointment, led.person, "link", now)
    db.session.commit()
    return redirect(url_for("booking.reminder_link", secret=secret), 303)


@bp.post("/r/<secret>/cancellation")
@open_to_all
def reminder_cancel(secret: str) -> ResponseReturnValue:
    """Call the appointment off."""
    led, now = _followed(secret), ports().clock.now()
    if not links.use(led, "cancel", now):
        return _page(secret, led), 409
    try:
        services.cancel(led.appointment, by=led.person, now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _page(secret, _followed(secret), str(refusal)), 409
    db.session.commit()
    return redirect(url_for("booking.reminder_link", secret=secret), 303)


@bp.get("/r/<secret>/move")
@open_to_all
def reminder_move(secret: str) -> ResponseReturnValue:
    """Offer other times, or show a chosen one for a last look."""
    led = _followed(secret)
    if led.state is not State.LIVE:
        return _page(secret, led)
    return _times(secret, led)


@bp.post("/r/<secret>/move")
@open_to_all
def reminder_move_to(secret: str) -> ResponseReturnValue:
    """Move the appointment to the chosen time."""
    led, now = _followed(secret), ports().clock.now()
    chosen = instant(request.form.get("starts_at", ""))
    if led.state is State.LIVE and chosen is None:
        return _times(secret, led, "Choose a time."), 422
    if chosen is None or not links.use(led, "move", now):
        return _page(secret, led), 409
    try:
        services.move(led.appointment, starts_at=chosen, by=led.person, now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _times(secret, _followed(secret), f"{refusal} Nothing has changed yet."), 409
    db.session.commit()
    flash("Moved. You get an e-mail with the new time in three minutes.", "good")
    return redirect(url_for("booking.reminder_link", secret=secret), 303)


@bp.post("/appointments/<int:appointment_id>/attendance/confirmation")
@clients_only
def confirm_attendance(appointment_id: int) -> ResponseReturnValue:
    """Note that the client will be there, said on the appointment's own page."""
    appointment, person, now = seen(appointment_id), current_person(), ports().clock.now()
    if appointment.client_id != person.id:
        abort(404)
    if appointment.status == CONFIRMED and appointment.starts_at > now:
        answers.confirm(appointment, person, "page", now)
        db.session.commit()
        flash("Thank you. Your counselor sees that you will be there.", "good")
    return redirect(url_for("booking.show", appointment_id=appointment_id), 303)


def _followed(secret: str) -> Led:
    return links.follow(secret, ports().clock.now()) or abort(404)


def _page(secret: str, led: Led, problem: str = "") -> str:
    now, standing = ports().clock.now(), led.appointment.standing
    return render_template(
        "booking/reminder_link.html",
        secret=secret,
        led=led,
        appointment=led.appointment,
        person=led.person,
        other=led.appointment.other_than(led.person),
        state=str(led.state),
        zone=led.person.zone,
        problem=problem,
        confirmed=answers.answer_to(led.appointment) is not None,
        late=policy.is_late(standing, now),
        no_move=policy.refusal_to_move(standing, Side.CLIENT, now),
    )


def _times(secret: str, led: Led, problem: str = "") -> str:
    now, zone = ports().clock.now(), led.person.zone
    chosen = None if problem else instant(request.args.get("starts_at", ""))
    refusal = policy.refusal_to_move(led.appointment.standing, Side.CLIENT, now)
    sought = Sought.moving(led.appointment, side=Side.CLIENT)
    return render_template(
        "booking/reminder_move.html",
        secret=secret,
        appointment=led.appointment,
        other=led.appointment.other_than(led.person),
        zone=zone,
        refusal=refusal,
        problem=problem,
        chosen=None if refusal else chosen,
        times=None if refusal or chosen else times_of(sought, zone=zone, first=day(request.args.get("since")), now=now),
    )
