"""Days that differ from a counselor's usual week, and time off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock_words, planning, published, publishing, queries
from booking.forms_absence import Absence, DayChange
from booking.forms_booking import day as read_day
from booking.forms_hours import Row, Rows
from booking.forms_plans import ScopeTerms
from booking.models.appointments import Appointment
from booking.models.hours import DateOverride, TimeOff
from booking.views.blueprint import bp
from booking.views.scopes import scope_choices
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
    words: str
    """Which sessions it is for, and where; empty for all."""
    scope: dict[str, str | int]


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
    zone = ZoneInfo(counselor.zone)
    change = DayChange.parse(
        request.form,
        today=today_for(counselor),
        zone=zone,
        services=[each.id for each in queries.services_of(counselor.id)],
        places=[each.id for each in published.places_of(counselor.id)],
    )
    if isinstance(change, Errors):
        return _days_page(change, rows if rows.on(0) else Rows({0: (Row(),)})), 422
    publishing.set_day(counselor, change.falls_on, change.hours, change.scope)
    db.session.commit()
    flash(f"{formats.day(change.falls_on)} is saved.", "good")
    for words in clock_words.words_of_day(zone, change.falls_on, change.hours):
        flash(words, "info")
    return redirect(url_for("booking.day_changes"), 303)


@bp.post("/hours/days/<day>/removal")
@counselors_only
def remove_day_change(day: str) -> ResponseReturnValue:
    """Let a day be as usual again, for the sessions named in the form."""
    falls_on = read_day(day) or abort(404)
    service_id = request.form.get("service_id", type=int)
    publishing.clear_day(current_person(), falls_on, ScopeTerms(service_id, request.form.get("mode") or None))
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
    for words in clock_words.words_of_absence(ZoneInfo(counselor.zone), absence.span.starts_at, absence.span.ends_at):
        flash(words, "info")
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
    counselor = current_person()
    today = today_for(counselor)
    return render_template(
        "booking/day_changes.html",
        form=form,
        rows=rows,
        changes=[_changed(found) for found in published.day_changes_of(counselor.id, today)],
        today=today,
        **scope_choices(counselor),
    )


def _time_off_page(form: Errors, inside: list[Appointment] | None = None) -> str:
    counselor = current_person()
    found = published.time_off_of(counselor.id, since=ports().clock.now())
    absences = [{"id": each.id, "label": each.label, "words": _stretch(each, counselor.zone)} for each in found]
    return render_template(
        "booking/time_off.html", form=form, absences=absences, inside=inside, today=today_for(counselor)
    )


def _changed(rows: list[DateOverride]) -> ChangedDay:
    first = rows[0]
    said = [f"{_wall(row.opens)}–{_wall(row.closes)}" for row in rows if row.opens is not None]
    words = ", ".join(planning.scope_words(first))
    scope: dict[str, str | int] = {"service_id": first.service_id or "", "mode": first.mode or ""}
    return ChangedDay(first.falls_on, tuple(said), words[:1].upper() + words[1:], scope)


def _wall(minutes: int | None) -> str:
    return f"{(minutes or 0) // 60 % 24:02d}:{(minutes or 0) % 60:02d}"


def _stretch(time_off: TimeOff, zone: str) -> str:
    """Read whole days as days, and anything else with its times."""
    begins, ends = formats.local(time_off.starts_at, zone), formats.local(time_off.ends_at, zone)
    if _is_midnight(begins) and _is_midnight(ends):
        last = (ends - timedelta(days=1)).date()
        return formats.day(begins) if last == begins.date() else f"{formats.day(begins)} to {formats.day(last)}"
    until = (
        formats.clock(time_off.ends_at, zone) if ends.date() == begins.date() else formats.when(time_off.ends_at, zone)
    )
    return f"{formats.when(time_off.starts_at, zone)} to {until}"


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)
