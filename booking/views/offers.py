"""An offer of a freed time, opened by the link in its letter: looking changes nothing, one press takes it."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from booking import policies
from booking.models.waitlist import ACCEPTED, OPEN, TAKEN, Offer
from booking.policy import HELD
from booking.views.blueprint import bp
from booking.views.bookings import payment_href
from booking.waitlist import answering
from practice.core.db import db
from practice.core.ports import ports
from practice.security import open_to_all, person_or_none
from practice.views.throttle import throttle


@bp.get("/offers/<secret>")
@open_to_all
def offer(secret: str) -> ResponseReturnValue:
    """Show the offer and its two buttons, or how it ended."""
    found = answering.behind(secret)
    return _page(found, secret), 200 if found else 404


@bp.post("/offers/<secret>/acceptance")
@open_to_all
def accept_offer(secret: str) -> ResponseReturnValue:
    """Take the time. A second press is answered like the first."""
    throttle("offer", account=secret)
    found = answering.behind(secret)
    if found is None:
        return _page(None, secret), 404
    try:
        answering.accept(found, now=ports().clock.now())
    except answering.OfferGoneError:
        db.session.rollback()
        return _page(answering.behind(secret), secret), 409
    db.session.commit()
    return _page(found, secret)


@bp.post("/offers/<secret>/refusal")
@open_to_all
def decline_offer(secret: str) -> ResponseReturnValue:
    """Let the time go to the next in line."""
    throttle("offer", account=secret)
    found = answering.behind(secret)
    if found is None:
        return _page(None, secret), 404
    answering.decline(found, now=ports().clock.now())
    db.session.commit()
    return _page(found, secret)


def after_accepting(accepted: Offer) -> str:
    """Return where a time that was taken goes on: to paying, or to the confirmation."""
    if accepted.appointment.status == HELD:
        return payment_href(accepted.appointment)
    return url_for("booking.confirmation", appointment_id=accepted.appointment_id)


def _page(found: Offer | None, secret: str) -> str:
    if found is None:
        return render_template("booking/waitlist/offer_unknown.html")
    standing = answering.is_standing(found, ports().clock.now())
    state = "gone"
    if found.status == TAKEN:
        state = "taken"
    elif standing and found.status in {OPEN, ACCEPTED}:
        state = found.status
    elif found.status == "declined":
        state = "declined"
    viewer = person_or_none()
    return render_template(
        "booking/waitlist/offer.html",
        offer=found,
        appointment=found.appointment,
        state=state,
        secret=secret,
        zone=found.client.zone,
        terms=policies.in_force().words if state == OPEN else "",
        onward=after_accepting(found),
        mine=viewer is not None and viewer.id == found.client_id,
    )
