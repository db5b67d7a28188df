"""Booking a series: say how it recurs, look at every date, and book what was shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clientele, directory, policies, queries
from booking.forms_booking import instant
from booking.meeting import mode_words
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.models.services import Service
from booking.policy import HELD, INDIVIDUAL, MODES
from booking.refusals import BookingRefusedError
from booking.series import clocks, services
from booking.series import queries as series_queries
from booking.series.forms import FIELDS, SeriesForm, choices
from booking.series.plans import Plan
from booking.series.refusals import SeriesChangedError
from booking.series.rules import WEEKDAYS, minute_on_wall
from booking.series.services import Wanted
from booking.views.blueprint import bp
from booking.views.bookings import payment_href
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.models import Person
from practice.security import clients_only, counselors_only, current_person


@dataclass(frozen=True, slots=True)
class Scene:
    """Who books a series with whom, and where its pages are."""

    counselor: Person
    client: Person
    offered: list[Service]
    page: str
    page_args: dict[str, Any]

    @property
    def by_client(self) -> bool:
        """Tell whether the client is the one at the screen."""
        return current_person().id == self.client.id


@bp.get("/counselors/<int:counselor_id>/series")
@clients_only
def series_with(counselor_id: int) -> ResponseReturnValue:
    """Ask a client how a chosen time should recur, then show every date."""
    if not request.args.get("starts_at"):
        flash("Choose the first time; then say how often it comes again.", "info")
        return redirect(url_for("booking.counselor", counselor_id=counselor_id), 303)
    return _look(_with_counselor(counselor_id))


@bp.post("/counselors/<int:counselor_id>/series")
@clients_only
def book_series_with(counselor_id: int) -> ResponseReturnValue:
    """Keep the chosen dates for the client, who then pays for the first."""
    return _book(_with_counselor(counselor_id))


@bp.get("/series/new")
@counselors_only
def begin_series() -> ResponseReturnValue:
    """Go on to the form of the client chosen from the list."""
    asked = request.args.get("client_id", "")
    client_id = int(asked) if re.fullmatch(r"\d{1,9}", asked) else 0
    if clientele.client_of(current_person(), client_id) is None:
        return redirect(url_for("booking.all_series"), 303)
    return redirect(url_for("booking.series_for", client_id=client_id), 303)


@bp.get("/clients/<int:client_id>/series/new")
@counselors_only
def series_for(client_id: int) -> ResponseReturnValue:
    """Ask a counselor for the rhythm of one client, then show every date."""
    return _look(_for_client(client_id))


@bp.post("/clients/<int:client_id>/series/new")
@counselors_only
def book_series_for(client_id: int) -> ResponseReturnValue:
    """Book the chosen dates for the client."""
    return _book(_for_client(client_id))


def _with_counselor(counselor_id: int) -> Scene:
    listing = directory.listing_of(counselor_id, ports().clock.now()) or abort(404)
    offered = [each for each in listing.services if services.may_recur(each)]
    if not offered:
        abort(404)
    return Scene(
        listing.counselor, current_person(), offered, "booking.series_with", {"counselor_id": listing.counselor.id}
    )


def _for_client(client_id: int) -> Scene:
    counselor = current_person()
    client = clientele.client_of(counselor, client_id) or abort(404)
    offered = [each for each in queries.services_of(counselor.id) if each.kind == INDIVIDUAL]
    return Scene(counselor, client, offered, "booking.series_for", {"client_id": client.id})


def _look(scene: Scene) -> ResponseReturnValue:
    if "rhythm" not in request.args and "ends" not in request.args:
        return _form_page(scene, _first_form(scene))
    if request.args.get("edit"):
        return _form_page(scene, blank(**request.args.to_dict()))
    form = SeriesForm.parse(request.args, zone=scene.counselor.zone)
    wanted = None if isinstance(form, Errors) else _wanted(scene, form)
    if isinstance(form, Errors) or wanted is None:
        return _form_page(scene, _wrong(form)), 422
    try:
        return dates_page(scene, wanted, services.look(wanted, ports().clock.now()))
    except BookingRefusedError as refusal:
        return _form_page(scene, refused(request.args, service_id=str(refusal))), 422


def _book(scene: Scene) -> ResponseReturnValue:
    now = ports().clock.now()
    form = SeriesForm.parse(request.form, zone=scene.counselor.zone)
    wanted = None if isinstance(form, Errors) else _wanted(scene, form)
    if isinstance(form, Errors) or wanted is None:
        return _form_page(scene, _wrong(form)), 422
    chosen = choices(request.form, wanted.recurrence.days())
    try:
        series = services.book(wanted, chosen, now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        again = _look_again(scene, form, now)
        changed = isinstance(refusal, SeriesChangedError)
        return dates_page(*again, str(refusal), changed), 409 if changed else 422
    db.session.commit()
    return redirect(next_step(series), 303)


def _look_again(scene: Scene, form: SeriesForm, now: datetime) -> tuple[Scene, Wanted, Plan]:
    wanted = _wanted(scene, form) or abort(404)
    return scene, wanted, services.look(wanted, now)


def _wanted(scene: Scene, form: SeriesForm) -> Wanted | None:
    service = next((each for each in scene.offered if each.id == form.service_id), None)
    if service is None:
        return None
    return Wanted(scene.counselor, scene.client, service, form.recurrence, current_person(), form.mode)


def _wrong(form: SeriesForm | Errors) -> Errors:
    return form if isinstance(form, Errors) else refused(request.values, service_id="Choose a kind of session.")


def next_step(series: AppointmentSeries) -> str:
    """Return where a series that was booked leads on to: the payment of what is kept, or its own page."""
    held = next((each for each in series_queries.sessions_of(series.id) if each.status == HELD), None)
    if held is not None and held.client_id == current_person().id:
        return payment_href(held)
    flash("The series is booked. Both of you get an e-mail with all dates.", "good")
    return url_for("booking.series", series_id=series.id)


def _first_form(scene: Scene) -> Errors:
    values = {"rhythm": "weekly", "every": "1", "ends": "sessions", "sessions": "8"} | request.args.to_dict()
    if not values.get("service_id"):
        last = queries.together(scene.counselor, scene.client, most=1)
        offered = {each.id for each in scene.offered}
        usual = last[0].service_id if last and last[0].service_id in offered else None
        values["service_id"] = str(usual or (scene.offered[0].id if scene.offered else ""))
    return blank(**values)


def _form_page(scene: Scene, form: Errors) -> str:
    starts_at = _starts_at(form)
    return render_template(
        "booking/series_new.html",
        scene=scene,
        form=form,
        starts_at=starts_at,
        zone=current_person().zone,
        weekday=WEEKDAYS[starts_at.astimezone(ZoneInfo(scene.counselor.zone)).weekday()] if starts_at else "",
        services=[(each.id, _named(each)) for each in scene.offered],
        modes=_modes(scene),
    )


def dates_page(scene: Scene, wanted: Wanted, plan: Plan, problem: str = "", changed: bool = False) -> str:
    """Show every date with what stands in its way."""
    chosen = choices(request.form, wanted.recurrence.days()) if request.method == "POST" else None
    starts = [row.moment.starts_at for row in plan.rows]
    there = scene.client.zone
    args = {name: request.values[name] for name in FIELDS if request.values.get(name)}
    return render_template(
        "booking/series_dates.html",
        scene=scene,
        wanted=wanted,
        plan=plan,
        chosen=chosen,
        problem=problem,
        changed=changed,
        args=args,
        edit_href=url_for(scene.page, **(scene.page_args | args | {"edit": "1"})),
        said={row.moment.day: clocks.in_words(row.moment) for row in plan.rows},
        moved={starts[each.number]: each for each in clocks.hour_changes(starts, scene.counselor.zone, there)},
        zone=current_person().zone,
        terms=policies.in_force(),
        other=scene.counselor if scene.by_client else scene.client,
        wall=f"{wanted.recurrence.minute // 60:02d}:{wanted.recurrence.minute % 60:02d}",
    )


def _starts_at(form: Errors) -> datetime | None:
    return instant(str(form.values.get("starts_at", "")))


def _modes(scene: Scene) -> list[tuple[str, str]]:
    """Name the ways to meet, when there is more than one; the dates page refuses what a service does not offer."""
    found = [mode for mode in MODES if any(mode in each.modes for each in scene.offered)]
    return [("", "The usual way"), *((mode, mode_words(mode)) for mode in found)] if len(found) > 1 else []


def _named(service: Service) -> str:
    price = str(service.price).removesuffix(".00") if service.price else "free"
    return f"{service.name}, {service.minutes} minutes, {price}"


def at_hour(appointment: Appointment, starts_at: datetime) -> dict[str, str]:
    """Return what the form of a counselor's client begins with: the service, and a day and hour on the wall."""
    day, minute = minute_on_wall(starts_at, appointment.counselor.zone)
    at = f"{minute // 60:02d}:{minute % 60:02d}"
    return {"service_id": str(appointment.service_id), "first_on": day.isoformat(), "at": at}
