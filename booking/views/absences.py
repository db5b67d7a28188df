"""Days that differ from a counselor's usual week, and time off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import published, publishing
from booking.forms_absence import Absence, DayChange
from booking.forms_booking import day as read_day
from booking.forms_hours import Row, Rows
from booking.hours import Hours
from booking.models.appointments import Appointment
from booking.models.hours import TimeOff
from booking.views.blueprint import bp
from booking.views.zones import today_for
from practice.core import formats
from practice.core.db import db
from practice.core.forms import Errors, blank, shown
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that differs, as the list shows it."""

    day: date
    hours: tuple[str, ...]


@bp.get("/hours/days")
@counselors_only
def day_changes() -> ResponseReturnValue:
    """List the days that differ, beside a form for another."""
    return _days_page(blank(kind="closed"), Rows({0: (Row("09:00", "13:00"),)}))


@bp.post("/hours/days")
@counselors_only
def change_day() -> ResponseReturnValue:
    """Let one day differ, or only add or remove rows on the page."""
    counselor = current_person()
    rows = Rows.sent(request.form)
    if (changed := rows.after(request.form.get("deed", ""))) is not None:
        return _days_page(blank(**(shown(request.form) | {"kind": "hours"})), changed)
    change = DayChange.parse(request.form, today=today_for(counselor), zone=ZoneInfo(counselor.zone))
    if isinstance(change, Errors):
        return _days_page(change, rows if rows.on(0) else Rows({0: (Row(),)})), 422
    publishing.set_day(counselor, change.falls_on, change.hours)
    db.session.commit()
    flash(f"{formats.day(change.falls_on)} is saved.", "good")
    return redirect(url_for("booking.day_changes"), 303)


@bp.post("/hours/days/<day>/removal")
@counselors_only
def remove_day_change(day: str) -> ResponseReturnValue:
    """Let a day be as usual again."""
    falls_on = read_day(day) or abort(404)
    publishing.clear_day(current_person(), falls_on)
    db.session.commit()
    flash(f"{formats.day(falls_on)} is as usual again.", "good")
    return redirect(url_for("booking.day_changes"), 303)


@bp.get("/hours/time-off")
@counselors_only
def time_off() -> ResponseReturnValue:
    """List time off, beside a form for more."""
    return _time_off_page(blank())


@bp.post("/hours/time-off")
@counselors_only
def take_time_off() -> ResponseReturnValue:
    """Keep a stretch free; sessions inside are named first and never touched."""
    counselor = current_person()
    absence = Absence.parse(request.form, zone=ZoneInfo(counselor.zone), today=today_for(counselor))
    if isinstance(absence, Errors):
        return _time_off_page(absence), 422
    inside = published.booked_within(counselor.id, absence.span)
    if inside and not request.form.get("knowing"):
        return _time_off_page(blank(**shown(request.form)), list(inside)), 409
    publishing.take_time_off(counselor, absence.span, absence.label)
    db.session.commit()
    flash("Your time off is saved. Nobody can book you then.", "good")
    return redirect(url_for("booking.time_off"), 303)


@bp.post("/hours/time-off/<int:time_off_id>/removal")
@counselors_only
def remove_time_off(time_off_id: int) -> ResponseReturnValue:
    """Open the stretch again."""
    publishing.end_time_off(published.own_time_off(current_person(), time_off_id) or abort(404))
    db.session.commit()
    flash("Removed. Clients can book that time again.", "good")
    return redirect(url_for("booking.time_off"), 303)


def _days_page(form: Errors, rows: Rows) -> str:
    today = today_for(current_person())
    changes = [
        ChangedDay(day, tuple(_words(each) for each in hours))
        for day, hours in published.changed_days(current_person().id, today).items()
    ]
    return render_template("booking/day_changes.html", form=form, rows=rows, changes=changes, today=today)


def _time_off_page(form: Errors, inside: list[Appointment] | None = None) -> str:
    counselor = current_person()
    found = published.time_off_of(counselor.id, since=ports().clock.now())
    absences = [{"id": each.id, "label": each.label, "words": _stretch(each, counselor.zone)} for each in found]
    return render_template(
        "booking/time_off.html", form=form, absences=absences, inside=inside, today=today_for(counselor)
    )


def _words(hours: Hours) -> str:
    return "–".join(f"{minutes // 60 % 24:02d}:{minutes % 60:02d}" for minutes in (hours.opens, hours.closes))


def _stretch(time_off: TimeOff, zone: str) -> str:
    """Read whole days as days, and anything else with its times."""
    begins, ends = formats.local(time_off.starts_at, zone), formats.local(time_off.ends_at, zone)
    if _is_midnight(begins) and _is_midnight(ends):
        last = (ends - timedelta(days=1)).date()
        return formats.day(begins) if last == begins.date() else f"{formats.day(begins)} to {formats.day(last)}"
    until = f"{ends:%H:%M}" if ends.date() == begins.date() else formats.when(time_off.ends_at, zone)
    return f"{formats.when(time_off.starts_at, zone)} to {until}"


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)
