"""Lengthening a series: the same rhythm goes on after its last session, and every date is looked at first."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from booking.forms_booking import day as read_day
from booking.models.series import AppointmentSeries
from booking.refusals import BookingRefusedError
from booking.series import queries, services
from booking.series.forms import MoreForm, choices
from booking.series.refusals import SeriesChangedError
from booking.series.rules import minute_on_wall
from booking.series.services import Wanted
from booking.views.blueprint import bp
from booking.views.series import Scene, dates_page, next_step
from booking.views.zones import today_for
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.security import current_person, signed_in


@bp.get("/series/<int:series_id>/more")
@signed_in
def lengthen_series(series_id: int) -> ResponseReturnValue:
    """Ask how far the series goes on, then show every date."""
    series = _own(series_id)
    if "ends" not in request.args or request.args.get("edit"):
        usual = {"ends": "sessions", "sessions": "4"}
        return _form_page(series, blank(**(usual | request.args.to_dict())))
    wanted = _wanted(series, request.args)
    if isinstance(wanted, Errors):
        return _form_page(series, wanted), 422
    try:
        return dates_page(_scene(series), wanted, services.look(wanted, ports().clock.now()))
    except BookingRefusedError as refusal:
        return _form_page(series, refused(request.args, ends=str(refusal))), 422


@bp.post("/series/<int:series_id>/more")
@signed_in
def book_more(series_id: int) -> ResponseReturnValue:
    """Book the chosen dates as part of the series."""
    series, now = _own(series_id), ports().clock.now()
    wanted = _wanted(series, request.form)
    if isinstance(wanted, Errors):
        return _form_page(series, wanted), 422
    try:
        services.book(wanted, choices(request.form, wanted.recurrence.days()), now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        series = _own(series_id)
        again, changed = _wanted(series, request.form), isinstance(refusal, SeriesChangedError)
        if isinstance(again, Errors):
            return _form_page(series, again), 422
        page = dates_page(_scene(series), again, services.look(again, now), str(refusal), changed)
        return page, 409 if changed else 422
    db.session.commit()
    return redirect(next_step(series), 303)


def _own(series_id: int) -> AppointmentSeries:
    """Return a series to its counselor, and to its client while they may book such a series themselves."""
    viewer = current_person()
    found = queries.series_for(viewer, series_id) or abort(404)
    by_client = viewer.id == found.client_id and services.may_recur(found.service)
    if not found.service.active or not (by_client or viewer.id == found.counselor_id):
        abort(404)
    return found


def _scene(series: AppointmentSeries) -> Scene:
    return Scene(series.counselor, series.client, [series.service], "booking.lengthen_series", {"series_id": series.id})


def _wanted(series: AppointmentSeries, data: Any) -> Wanted | Errors:
    form = MoreForm.parse(data, series.pattern, _first_on(series, data), series.minute, series.zone)
    if isinstance(form, Errors):
        return form
    last = queries.last_of(series.id)
    mode = last.mode if last is not None and last.mode in series.service.modes else None
    return Wanted(series.counselor, series.client, series.service, form.recurrence, current_person(), mode, series)


def _first_on(series: AppointmentSeries, data: Any) -> date:
    """Return the first new day: the one that was shown, or the next of the rhythm."""
    return read_day(data.get("first_on", "")) or _next_day(series)


def _next_day(series: AppointmentSeries) -> date:
    last, today = queries.last_of(series.id), today_for(series.counselor)
    done = minute_on_wall(last.starts_at, series.zone)[0] if last is not None else today
    following = series.pattern.after(done)
    while following <= today:
        following = series.pattern.after(following)
    return following


def _form_page(series: AppointmentSeries, form: Errors) -> str:
    return render_template(
        "booking/series_more.html",
        series=series,
        form=form,
        first_on=_next_day(series),
        last=queries.last_of(series.id),
        zone=current_person().zone,
    )
