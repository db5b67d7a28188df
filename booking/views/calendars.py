"""The calendars a counselor keeps elsewhere, which keep times from being booked."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.calendars import subscriptions
from booking.calendars.forms import NewCalendar
from booking.models.calendars import ExternalCalendar
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.core.settings import settings
from practice.security import counselors_only, current_person


@bp.get("/hours/calendars")
@counselors_only
def calendars() -> ResponseReturnValue:
    """List the calendars, with how fresh each is, beside a form for another."""
    return _page(blank())


@bp.post("/hours/calendars")
@counselors_only
def add_calendar() -> ResponseReturnValue:
    """Add a calendar; it is read within seconds."""
    form = NewCalendar.parse(request.form, loopback=settings().reads_loopback)
    if isinstance(form, Errors):
        return _page(form), 422
    try:
        subscriptions.add(current_person(), label=form.label, address=form.address, now=ports().clock.now())
    except subscriptions.TooManyCalendarsError:
        return _page(refused(request.form, address="You have ten calendars already. Remove one first.")), 422
    db.session.commit()
    flash(f"{form.label} is added. We are reading it now.", "good")
    return redirect(url_for("booking.calendars"), 303)


@bp.post("/hours/calendars/<int:calendar_id>/reading")
@counselors_only
def read_calendar(calendar_id: int) -> ResponseReturnValue:
    """Have a calendar read now."""
    subscriptions.read_soon(_own(calendar_id), ports().clock.now())
    db.session.commit()
    return redirect(url_for("booking.calendars"), 303)


@bp.post("/hours/calendars/<int:calendar_id>/removal")
@counselors_only
def remove_calendar(calendar_id: int) -> ResponseReturnValue:
    """Forget a calendar and its times."""
    calendar = _own(calendar_id)
    subscriptions.remove(calendar)
    db.session.commit()
    flash(f"{calendar.label} is removed. Its times can be booked again.", "good")
    return redirect(url_for("booking.calendars"), 303)


def _page(form: Errors) -> str:
    counselor, now = current_person(), ports().clock.now()
    found = subscriptions.of(counselor)
    return render_template(
        "booking/calendars.html",
        form=form,
        calendars=[(each, _host(each), _state(each, now)) for each in found],
        counts=subscriptions.counts(counselor, now),
        clashes=subscriptions.clashes(counselor, now),
        reading=any(_state(each, now) == "reading" for each in found),
    )


def _state(calendar: ExternalCalendar, now: datetime) -> str:
    if calendar.due_at <= now or (calendar.leased_until is not None and calendar.leased_until > now):
        return "reading"
    return "problem" if calendar.problem else "fresh"


def _host(calendar: ExternalCalendar) -> str:
    """Name where it lies and not how: the rest of the address is a secret."""
    return urlsplit(calendar.address).hostname or ""


def _own(calendar_id: int) -> ExternalCalendar:
    return subscriptions.own(current_person(), calendar_id) or abort(404)
