"""Changing or cancelling several sessions of a series at once; what happens to each is said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import policy, queries
from booking.forms_booking import Cancellation, instant
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.policy import Side
from booking.refusals import BookingRefusedError, NotAllowedError
from booking.series import changing, clocks
from booking.series.changing import Change, Scope
from booking.series.forms import CHOICE, ChangeForm
from booking.series.rules import WEEKDAYS
from booking.views.appointments import seen
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person, signed_in


@dataclass(frozen=True, slots=True)
class Scene:
    """The session somebody came from, its series, and the sessions that are meant with it."""

    appointment: Appointment
    series: AppointmentSeries
    scope: Scope
    sessions: list[Appointment]

    @property
    def by_client(self) -> bool:
        """Tell whether the client is the one at the screen."""
        return current_person().id == self.series.client_id

    @property
    def other(self) -> Person:
        """Whom the person at the screen meets."""
        return self.series.counselor if self.by_client else self.series.client


@bp.get("/appointments/<int:appointment_id>/series/times")
@signed_in
def change_series(appointment_id: int) -> ResponseReturnValue:
    """Ask what should change, then show every session as it would be."""
    scene = _scene(appointment_id)
    if "at" not in request.args or request.args.get("edit"):
        return _form_page(scene, _as_it_is(scene))
    change = _change(scene)
    if isinstance(change, Errors):
        return _form_page(scene, change), 422
    return _dates_page(scene, change)


@bp.post("/appointments/<int:appointment_id>/series/times")
@signed_in
def apply_to_series(appointment_id: int) -> ResponseReturnValue:
    """Change the chosen sessions."""
    scene = _scene(appointment_id)
    change = _change(scene)
    if isinstance(change, Errors):
        return _form_page(scene, change), 422
    now = ports().clock.now()
    try:
        changed = changing.apply(scene.series, scene.sessions, change, _choices(scene), by=current_person(), now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        scene = _scene(appointment_id)
        return _dates_page(scene, _change_again(scene), str(refusal)), 409
    series_id = changed[0].series_id or scene.series.id
    db.session.commit()
    flash(f"{_sessions(len(changed))} changed. Both of you get one e-mail with the new times in a few minutes.", "good")
    return redirect(url_for("booking.series", series_id=series_id), 303)


@bp.get("/appointments/<int:appointment_id>/series/cancellation")
@signed_in
def cancel_series(appointment_id: int) -> ResponseReturnValue:
    """Say for every session what cancelling means before anybody does it."""
    return _cancel_page(_scene(appointment_id), blank())


@bp.post("/appointments/<int:appointment_id>/series/cancellation")
@signed_in
def call_series_off(appointment_id: int) -> ResponseReturnValue:
    """Call the sessions off that were shown."""
    scene, person, now = _scene(appointment_id), current_person(), ports().clock.now()
    form = Cancellation.parse(request.form, words_needed=not scene.by_client)
    if isinstance(form, Errors):
        return _cancel_page(scene, form), 422
    shown = set(request.form.getlist("session"))
    sessions = [each for each in scene.sessions if str(each.id) in shown]
    if not sessions:
        return _cancel_page(scene, Errors({}, {"sessions": "Choose at least one session."})), 422
    try:
        changing.cancel(scene.series, sessions, by=person, now=now, reason=form.reason)
    except NotAllowedError as refusal:
        db.session.rollback()
        return _cancel_page(_scene(appointment_id), Errors({}, {"sessions": str(refusal)})), 409
    db.session.commit()
    flash(f"{_sessions(len(sessions))} cancelled. Both of you get one e-mail about all of them.", "good")
    return redirect(url_for("booking.series", series_id=scene.series.id), 303)


def _scene(appointment_id: int) -> Scene:
    appointment = seen(appointment_id)
    if appointment.series is None or appointment.side_of(current_person()) is Side.PRACTICE:
        abort(404)
    asked = request.values.get("scope", Scope.FOLLOWING)
    scope = Scope.ALL if asked == Scope.ALL else Scope.FOLLOWING
    sessions = changing.in_scope(appointment, scope, ports().clock.now())
    return Scene(appointment, appointment.series, scope, sessions)


def _offered(scene: Scene) -> dict[str, str]:
    """Name the services a session may become; a client keeps the one there is."""
    own = {str(scene.series.service_id): scene.series.service.name}
    if scene.by_client:
        return own
    return own | {
        str(each.id): f"{each.name}, {each.minutes} minutes"
        for each in queries.services_of(scene.series.counselor_id)
        if each.kind == policy.INDIVIDUAL
    }


def _change(scene: Scene) -> Change | Errors:
    form = ChangeForm.parse(request.values, services=_offered(scene), usual=str(scene.series.service_id))
    if isinstance(form, Errors):
        return form
    service = queries.service_of(scene.series.counselor_id, form.service_id) or abort(404)
    return Change(form.weekday, form.minute, service)


def _change_again(scene: Scene) -> Change:
    change = _change(scene)
    return abort(404) if isinstance(change, Errors) else change


def _choices(scene: Scene) -> dict[int, datetime]:
    read = {each.id: instant(request.form.get(f"{CHOICE}{each.id}", "")) for each in scene.sessions}
    return {number: starts_at for number, starts_at in read.items() if starts_at is not None}


def _as_it_is(scene: Scene) -> Errors:
    rule = scene.series
    usual = {
        "weekday": str(rule.weekday),
        "at": f"{rule.minute // 60:02d}:{rule.minute % 60:02d}",
        "service_id": str(rule.service_id),
    }
    return blank(**(usual | request.args.to_dict()))


def _form_page(scene: Scene, form: Errors) -> str:
    return render_template(
        "booking/series_change.html",
        scene=scene,
        form=form,
        zone=current_person().zone,
        weekdays=list(enumerate(WEEKDAYS)),
        services=list(_offered(scene).items()),
    )


def _dates_page(scene: Scene, change: Change, problem: str = "") -> str:
    now = ports().clock.now()
    outlook = (
        changing.look(scene.series, scene.sessions, change, by=current_person(), now=now) if scene.sessions else None
    )
    return render_template(
        "booking/series_change_dates.html",
        scene=scene,
        change=change,
        shifts=outlook.shifts if outlook else (),
        chosen=_choices(scene) if request.method == "POST" else None,
        problem=problem,
        args={name: request.values[name] for name in ("weekday", "at", "service_id") if name in request.values},
        said={each.row.moment.day: clocks.in_words(each.row.moment) for each in outlook.shifts} if outlook else {},
        zone=current_person().zone,
    )


def _cancel_page(scene: Scene, form: Errors) -> str:
    now = ports().clock.now()
    return render_template(
        "booking/series_cancel.html",
        scene=scene,
        form=form,
        late={each.id for each in scene.sessions if scene.by_client and policy.is_late(each.standing, now)},
        kept=set(request.form.getlist("session")) if request.method == "POST" else None,
        zone=current_person().zone,
    )


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"
