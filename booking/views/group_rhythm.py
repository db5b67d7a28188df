"""Moving or cancelling this session of a group and those after it, or all that are ahead; all dates are shown first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.forms_booking import Cancellation
from booking.groups import queries as groups
from booking.groups import rhythm
from booking.groups.forms import NewRhythm
from booking.models.groups import GroupSeries, GroupSession
from booking.refusals import BookingRefusedError
from booking.series import clocks
from booking.series.changing import Scope
from booking.series.rules import WEEKDAYS, minute_on_wall
from booking.views.blueprint import bp
from practice.core.db import db
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@dataclass(frozen=True, slots=True)
class Scene:
    """The session somebody came from, its rule, and the sessions that are meant with it."""

    session: GroupSession
    series: GroupSeries
    scope: Scope
    sessions: list[GroupSession]

    @property
    def everything(self) -> bool:
        """Tell whether all that are ahead are meant."""
        return self.scope is Scope.ALL


@bp.get("/groups/<int:session_id>/series/times")
@counselors_only
def change_group_series(session_id: int) -> ResponseReturnValue:
    """Ask for another weekday or hour, then show every session as it would be."""
    scene = _scene(session_id)
    if "at" not in request.args or request.args.get("edit"):
        day, minute = minute_on_wall(scene.session.starts_at, scene.series.zone)
        usual = {"weekday": str(day.weekday()), "at": _clock(minute)}
        return _form_page(scene, blank(**(usual | request.args.to_dict())))
    form = NewRhythm.parse(request.args)
    if isinstance(form, Errors):
        return _form_page(scene, form), 422
    return _dates_page(scene, form)


@bp.post("/groups/<int:session_id>/series/times")
@counselors_only
def apply_to_group_series(session_id: int) -> ResponseReturnValue:
    """Move the chosen sessions, all of them or none."""
    scene, now = _scene(session_id), ports().clock.now()
    form = NewRhythm.parse(request.form)
    if isinstance(form, Errors):
        return _form_page(scene, form), 422
    try:
        moved = rhythm.change(scene.series, scene.sessions, form.hour, _chosen(), by=current_person(), now=now)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _dates_page(_scene(session_id), form, str(refusal)), 409
    db.session.commit()
    flash(f"{_sessions(len(moved))} moved. In three minutes everybody who comes gets one e-mail about all.", "good")
    return redirect(url_for("booking.group", session_id=session_id), 303)


@bp.get("/groups/<int:session_id>/series/cancellation")
@counselors_only
def group_series_cancellation(session_id: int) -> ResponseReturnValue:
    """Show the sessions that would be cancelled, with how many people come to each."""
    return _cancel_page(_scene(session_id), blank())


@bp.post("/groups/<int:session_id>/series/cancellation")
@counselors_only
def cancel_group_series(session_id: int) -> ResponseReturnValue:
    """Call the chosen sessions off, all of them or none."""
    scene, now = _scene(session_id), ports().clock.now()
    form = Cancellation.parse(request.form, words_needed=False)
    if isinstance(form, Errors):
        return _cancel_page(scene, form), 422
    chosen = _chosen()
    sessions = [each for each in scene.sessions if each.id in chosen]
    if not sessions:
        return _cancel_page(scene, Errors({}, {"sessions": "Choose at least one session."})), 422
    try:
        rhythm.call_off(scene.series, sessions, by=current_person(), now=now, reason=form.reason)
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _cancel_page(_scene(session_id), Errors({}, {"sessions": str(refusal)})), 409
    db.session.commit()
    flash(f"{_sessions(len(sessions))} cancelled. Everybody who would have come gets one e-mail about all.", "good")
    return redirect(url_for("booking.groups_index"), 303)


def _scene(session_id: int) -> Scene:
    session = groups.session_for(current_person(), session_id)
    if session is None or session.series is None:
        abort(404)
    scope = Scope.ALL if request.values.get("scope") == Scope.ALL else Scope.FOLLOWING
    return Scene(session, session.series, scope, rhythm.in_scope(session, scope, ports().clock.now()))


def _chosen() -> set[int]:
    return {int(each) for each in request.form.getlist("session") if each.isdecimal() and len(each) < 10}


def _form_page(scene: Scene, form: Errors) -> str:
    return render_template(
        "booking/group_series_change.html",
        scene=scene,
        form=form,
        weekdays=list(enumerate(WEEKDAYS)),
        zone=current_person().zone,
    )


def _dates_page(scene: Scene, form: NewRhythm, problem: str = "") -> str:
    shifts = rhythm.look(scene.series, scene.sessions, form.hour, ports().clock.now())
    return render_template(
        "booking/group_series_dates.html",
        scene=scene,
        shifts=shifts,
        chosen=_chosen() if request.method == "POST" else None,
        said={each.moment.day: clocks.in_words(each.moment) for each in shifts},
        args={"weekday": str(form.hour.weekday), "at": _clock(form.hour.minute)},
        problem=problem,
        zone=current_person().zone,
    )


def _cancel_page(scene: Scene, form: Errors) -> str:
    now = ports().clock.now()
    return render_template(
        "booking/group_series_cancel.html",
        scene=scene,
        form=form,
        gatherings=[groups.gathering(each, now) for each in scene.sessions],
        kept=_chosen() if request.method == "POST" else None,
        zone=current_person().zone,
    )


def _sessions(count: int) -> str:
    return "1 session is" if count == 1 else f"{count} sessions are"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
