"""Waiting for a place in a session of a group that is full: a client's one press, and a counselor's offer by hand."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from booking.groups import queries as groups
from booking.refusals import BookingRefusedError
from booking.views.blueprint import bp
from booking.waitlist import group_lines, queries, rules
from practice.core import formats
from practice.core.db import db
from practice.core.ports import ports
from practice.security import clients_only, counselors_only, current_person


@bp.post("/groups/<int:session_id>/waiting")
@clients_only
def wait_for_place(session_id: int) -> ResponseReturnValue:
    """Join the line for a place."""
    session = groups.open_session(session_id) or abort(404)
    try:
        wish = group_lines.wait(session, current_person(), now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        flash(str(refusal), "info")
    else:
        db.session.commit()
        flash(f"You are on the waiting list. {rules.place_in_words(queries.ahead_of(wish))}", "good")
    return redirect(url_for("booking.joining", session_id=session_id), 303)


@bp.post("/groups/<int:session_id>/waiting/<int:wish_id>/offer")
@counselors_only
def offer_place(session_id: int, wish_id: int) -> ResponseReturnValue:
    """Offer a free place to somebody in line, out of turn."""
    counselor, now = current_person(), ports().clock.now()
    session = groups.session_for(counselor, session_id) or abort(404)
    waiting = next((each for each in queries.line_for(session) if each.wish.id == wish_id), None) or abort(404)
    minutes = queries.rules_of(counselor.id).offer_minutes
    try:
        made = group_lines.offer_place(waiting, now, minutes=minutes, by_hand=True)
    except BookingRefusedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
    else:
        db.session.commit()
        until = formats.clock(made.expires_at, counselor.zone)
        flash(f"Offered to {made.client.name}, who has until {until} to take it.", "good")
    return redirect(url_for("booking.group", session_id=session_id, _anchor="line"), 303)
