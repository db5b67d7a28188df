"""“I cannot work today”: the whole day on one page, with what is sent to whom, done by one press."""

from __future__ import annotations

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.forms_booking import day as read_day
from booking.illness import forms, services
from booking.illness.days import IllDay, affected
from booking.refusals import BookingRefusedError
from booking.views.blueprint import bp
from booking.views.zones import today_for
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/today/ill")
@counselors_only
def ill() -> ResponseReturnValue:
    """Show what is ahead on the day, each session with other times."""
    day = _day(request.args.get("day"))
    found = affected(current_person(), day, ports().clock.now())
    return _page(day, found, forms.shown(found))


@bp.post("/today/ill")
@counselors_only
def call_off_day() -> ResponseReturnValue:
    """Move and call off what was decided, all at once."""
    counselor, now = current_person(), ports().clock.now()
    day = _day(request.form.get("day"))
    found = affected(counselor, day, now)
    decision = forms.decided(request.form, found)
    if isinstance(decision, Errors):
        return _page(day, found, decision), 422
    try:
        done = services.carry_out(counselor, found, decision, now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        found = affected(current_person(), day, now)
        words = f"{refusal} Nothing has changed yet; look at the day once more."
        return _page(day, found, Errors(request.form.to_dict(), {"words": words})), 409
    db.session.commit()
    flash(f"{_counted(done.moved)} moved, {_counted(done.cancelled)} called off. Your clients are told.", "good")
    return redirect(url_for("booking.today", day=day), 303)


def _page(day: date, found: IllDay, form: Errors) -> str:
    counselor = current_person()
    present = today_for(counselor)
    return render_template(
        "booking/ill.html",
        day=day,
        present=present,
        days=[present + timedelta(days=step) for step in range(7)],
        found=found,
        form=form,
        zone=counselor.zone,
    )


def _day(text: str | None) -> date:
    present = today_for(current_person())
    return max(read_day(text) or present, present)


def _counted(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"
