"""Moving a shared session and calling it off, for everybody in it; what happens is said before."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.forms_booking import Cancellation
from booking.groups import grounds, moving, previews
from booking.groups import queries as groups
from booking.groups import services as deeds
from booking.groups.forms import NewTime
from booking.models.groups import GroupSession
from booking.moving import UNDO_LASTS
from booking.refusals import BookingRefusedError, SlotTakenError
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.core.spans import Span
from practice.security import counselors_only, current_person


@bp.get("/groups/<int:session_id>/move")
@counselors_only
def move_group(session_id: int) -> ResponseReturnValue:
    """Ask for another time, or show a chosen one for a last look, with the notices it will send."""
    session = _own(session_id)
    if "day" in request.args:
        return _last_look(session)
    local = session.starts_at.astimezone(ZoneInfo(current_person().zone))
    return _move_page(session, blank(day=local.date().isoformat(), at=local.strftime("%H:%M")))


@bp.post("/groups/<int:session_id>/move")
@counselors_only
def move_group_to(session_id: int) -> ResponseReturnValue:
    """Move the session with everybody in it; for three minutes it can be undone."""
    session, person = _own(session_id), current_person()
    form = NewTime.parse(request.form, zone=person.zone)
    if isinstance(form, Errors):
        return _move_page(session, form), 422
    try:
        moving.move(session, starts_at=form.starts_at, by=person, now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _move_page(_own(session_id), refused(request.form, at=_words(refusal))), 409
    db.session.commit()
    flash("The session has moved. You can undo this for three minutes; then everybody who comes is told.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.post("/groups/<int:session_id>/move/undo")
@counselors_only
def undo_group_move(session_id: int) -> ResponseReturnValue:
    """Put the session back to its old time."""
    try:
        moving.undo(_own(session_id), by=current_person(), now=ports().clock.now())
    except BookingRefusedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
    else:
        db.session.commit()
        flash("The session is back at its old time. Nobody was told.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.get("/groups/<int:session_id>/cancellation")
@counselors_only
def group_cancellation(session_id: int) -> ResponseReturnValue:
    """Say what calling it off means before anybody does it."""
    return _cancel_page(_own(session_id), blank())


@bp.post("/groups/<int:session_id>/cancellation")
@counselors_only
def cancel_group(session_id: int) -> ResponseReturnValue:
    """Call the session off."""
    session, person = _own(session_id), current_person()
    form = Cancellation.parse(request.form, words_needed=False)
    if isinstance(form, Errors):
        return _cancel_page(session, form), 422
    try:
        deeds.call_off(session, by=person, now=ports().clock.now(), reason=form.reason)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _cancel_page(_own(session_id), refused(request.form, reason=str(refusal))), 409
    db.session.commit()
    flash("The session is cancelled. Everybody who would have come gets an e-mail.", "good")
    return redirect(url_for("booking.groups_index"), 303)


def _own(session_id: int) -> GroupSession:
    return groups.session_for(current_person(), session_id) or abort(404)


def _words(refusal: BookingRefusedError) -> str:
    if isinstance(refusal, SlotTakenError):
        return "You have something else at that time. Choose another one; nothing has changed yet."
    return f"{refusal} Nothing has changed yet."


def _last_look(session: GroupSession) -> ResponseReturnValue:
    person, now = current_person(), ports().clock.now()
    form = NewTime.parse(request.args, zone=person.zone)
    if isinstance(form, Errors):
        return _move_page(session, form), 422
    if words := grounds.obstacle(session, form.starts_at, now):
        return _move_page(
            session, refused(request.args, at=f"{words} Choose another one; nothing has changed yet.")
        ), 409
    after = Span.lasting(form.starts_at, session.span.minutes)
    notices, told_at = previews.of_move(session, after, person, now), now + UNDO_LASTS
    return render_template(
        "booking/group_move_check.html",
        session=session,
        after=after,
        typed={"day": request.args["day"], "at": request.args.get("at", "")},
        news=[each for each in notices if each.due_at <= told_at],
        reminders=[each for each in notices if each.due_at > told_at],
        zone=person.zone,
    )


def _move_page(session: GroupSession, form: Errors) -> str:
    return _page("booking/group_move.html", session, form)


def _cancel_page(session: GroupSession, form: Errors) -> str:
    return _page("booking/group_cancellation.html", session, form)


def _page(template: str, session: GroupSession, form: Errors) -> str:
    now = ports().clock.now()
    return render_template(
        template,
        session=session,
        form=form,
        gathering=groups.gathering(session, now),
        zone=current_person().zone,
        is_off=session.status != "scheduled",
    )
