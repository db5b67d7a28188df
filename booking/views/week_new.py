"""A counselor books for a client from the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from booking import agenda, clientele, entering, meeting, queries
from booking.forms_booking import day as read_day
from booking.forms_week import NewSession
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import INDIVIDUAL
from booking.refusals import BookingRefusedError, OutsideHoursError
from booking.views.blueprint import bp
from booking.views.times import Sought
from booking.views.zones import today_for
from practice.core import formats
from practice.core.db import db
from practice.core.forms import Errors, blank, refused
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person


@dataclass(frozen=True, slots=True)
class Outside:
    """A time against which only the counselor's own hours speak: they are asked once more."""

    starts_at: datetime
    words: str


@bp.get("/week/new")
@counselors_only
def new_session() -> ResponseReturnValue:
    """Ask for whom, what and when, with the times that are free on that day."""
    return _page(blank(**request.args.to_dict()))


@bp.post("/week/new")
@counselors_only
def enter_session() -> ResponseReturnValue:
    """Book it for the client."""
    counselor = current_person()
    clients = {each.id: each for each in clientele.bookable(counselor)}
    services = {each.id: each for each in _services(counselor)}
    form = NewSession.parse(request.form, clients=clients, services=services, zone=ZoneInfo(counselor.zone))
    if isinstance(form, Errors):
        return _page(form), 422
    client = clients[form.client_id]
    try:
        appointment = entering.enter(
            counselor=counselor,
            client=client,
            service=services[form.service_id],
            starts_at=form.starts_at,
            mode=form.mode,
            now=ports().clock.now(),
            outside=request.form.get("knowing") == f"{form.starts_at:%Y-%m-%dT%H:%MZ}",
        )
    except OutsideHoursError as refusal:
        db.session.rollback()
        asked = Outside(form.starts_at, str(refusal))
        return _page(refused(request.form), asked), 409
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _page(refused(request.form, starts_at=str(refusal))), 409
    db.session.commit()
    flash(_done(appointment, client), "good")
    local = appointment.starts_at.astimezone(ZoneInfo(counselor.zone)).date()
    return redirect(url_for("booking.week", day=local, _anchor=f"session-{appointment.id}"), 303)


def _page(form: Errors, outside: Outside | None = None) -> str:
    counselor, now = current_person(), ports().clock.now()
    services = _services(counselor)
    service = _chosen(services, form.values.get("service_id"))
    clients = clientele.bookable(counselor)
    client = next((each for each in clients if str(each.id) == str(form.values.get("client_id"))), None)
    mode = _mode(service, form)
    day = _day(counselor, service, form, now)
    free = (
        _sought(service, client, mode).free(agenda.days_from(day, 1, ZoneInfo(counselor.zone)), now) if service else []
    )
    panel = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    values = MultiDict({name: str(value) for name, value in form.values.items() if value is not None})
    return render_template(
        "booking/_week_new.html" if panel else "booking/week_new.html",
        form=Errors(
            {
                **form.values,
                "day": day.isoformat(),
                "service_id": service.id if service else "",
                "mode": mode,
                "starts_at": _nearest(free, values, counselor.zone),
            },
            form.messages,
        ),
        services=[(each.id, f"{each.name}, {each.minutes} minutes, {each.price or 'free'}") for each in services],
        service=service,
        modes=[(each, meeting.WORDS[each]) for each in service.modes] if service else [],
        clients=[(each.id, each.name) for each in clients],
        client=client,
        free=free,
        outside=outside,
        day=day,
        present=today_for(counselor),
        zone=counselor.zone,
    )


def _chosen(services: Sequence[Service], asked: object) -> Service | None:
    """Return the service asked for, or the one that is booked most, which is the first that costs anything."""
    found = next((each for each in services if str(each.id) == str(asked)), None)
    return found or next((each for each in services if each.price), services[0] if services else None)


def _day(counselor: Person, service: Service | None, form: Errors, now: datetime) -> date:
    asked = read_day(str(form.values.get("day") or ""))
    if asked is not None and asked >= today_for(counselor):
        return asked
    soonest = _sought(service, None, None).first_free(now, now) if service else None
    return soonest.astimezone(ZoneInfo(counselor.zone)).date() if soonest else today_for(counselor)


def _services(counselor: Person) -> list[Service]:
    """Return what a counselor does with one person."""
    return [each for each in queries.services_of(counselor.id) if each.kind == INDIVIDUAL]


def _mode(service: Service | None, form: Errors) -> str | None:
    if service is None:
        return None
    asked = str(form.values.get("mode") or "")
    return asked if asked in service.modes else service.modes[0]


def _sought(service: Service, client: Person | None, mode: str | None) -> Sought:
    return replace(Sought.booking(service, client=client, mode=mode), hurried=True)


def _nearest(free: list[datetime], values: MultiDict[str, str], zone: str) -> str:
    """Return the time that was chosen, or the free one nearest to the place that was pressed."""
    stamps = {each: each.strftime("%Y-%m-%dT%H:%MZ") for each in free}
    if values.get("starts_at") in stamps.values():
        return values["starts_at"]
    minute = values.get("minute", "")
    if not stamps or not minute.isdigit() or len(minute) > 4:
        return next(iter(stamps.values()), "")

    def away(instant: datetime) -> int:
        local = instant.astimezone(ZoneInfo(zone))
        return abs(local.hour * 60 + local.minute - int(minute))

    return stamps[min(free, key=away)]


def _done(appointment: Appointment, client: Person) -> str:
    words = f"{formats.when(appointment.starts_at, appointment.counselor.zone)} is booked for {client.first_name}."
    paying = f" The {appointment.price} can be paid from it." if appointment.price else ""
    return f"{words} A confirmation is on its way by e-mail.{paying}"
