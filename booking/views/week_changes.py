"""Moving and stretching on the calendar: where a session fits, what a change would mean, the change, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import agenda, eligibility, moving, policy, previews, services
from booking.forms_booking import day as read_day
from booking.forms_booking import instant
from booking.hours import first_reading, instant_of
from booking.models.appointments import Appointment
from booking.models.locations import Location
from booking.models.moves import Move
from booking.policy import Side
from booking.refusals import BookingRefusedError, NotAllowedError, OutsideHoursError, SlotTakenError
from booking.views.appointments import other_zones, seen
from booking.views.blueprint import bp
from booking.views.times import Sought
from practice.core.db import db
from practice.core.ports import ports
from practice.core.spans import Span
from practice.models import Person
from practice.security import counselors_only, current_person


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last change on the calendar, while its counselor can still take it back."""

    move: Move
    seconds: int


@bp.get("/appointments/<int:appointment_id>/places")
@counselors_only
def where_it_fits(appointment_id: int) -> ResponseReturnValue:
    """List where a session may start in the days shown: minutes on the counselor's wall, with the instants."""
    appointment, now = _own(appointment_id), ports().clock.now()
    first = read_day(request.args.get("day")) or abort(400)
    count = min(max(request.args.get("days", 7, type=int), 1), 7)
    zone = ZoneInfo(current_person().zone)
    found: dict[str, list[tuple[int, str]]] = {}
    if policy.refusal_to_move(appointment.standing, Side.COUNSELOR, now) is None:
        free = Sought.moving(appointment, side=Side.COUNSELOR).free(agenda.days_from(first, count, zone), now)
        for each in sorted({appointment.starts_at, *free}):
            local = each.astimezone(zone)
            minute = local.hour * 60 + local.minute
            found.setdefault(local.date().isoformat(), []).append((minute, f"{each:%Y-%m-%dT%H:%MZ}"))
    return jsonify(found)


@bp.get("/appointments/<int:appointment_id>/change")
@counselors_only
def change(appointment_id: int) -> ResponseReturnValue:
    """Say what a move or another length would mean, and who would be told, before it is done."""
    appointment = _own(appointment_id)
    after = _asked(appointment, request.args)
    if after is None:
        return redirect(url_for("booking.move", appointment_id=appointment_id), 303)
    return _sheet(appointment, after)


@bp.post("/appointments/<int:appointment_id>/change")
@counselors_only
def make_change(appointment_id: int) -> ResponseReturnValue:
    """Move the session or change its length."""
    appointment, now = _own(appointment_id), ports().clock.now()
    after = _asked(appointment, request.form) or abort(400)
    try:
        services.move(
            appointment,
            starts_at=after.starts_at,
            minutes=after.minutes,
            by=current_person(),
            now=now,
            outside=request.form.get("knowing") == f"{after.starts_at:%Y-%m-%dT%H:%MZ}",
        )
    except BookingRefusedError as refusal:
        db.session.rollback()
        return _sheet(_own(appointment_id), after, refusal), 409
    db.session.commit()
    return _back_to_week(after.starts_at)


@bp.post("/appointments/<int:appointment_id>/change/undo")
@counselors_only
def undo_change(appointment_id: int) -> ResponseReturnValue:
    """Put the session back to where it was, and go back to the calendar."""
    appointment = _own(appointment_id)
    try:
        services.undo_move(appointment, by=current_person(), now=ports().clock.now())
    except NotAllowedError as refusal:
        db.session.rollback()
        flash(str(refusal), "bad")
        return _back_to_week(_own(appointment_id).starts_at)
    db.session.commit()
    flash(f"{appointment.client.first_name}’s session is back where it was. Nobody was told.", "good")
    return _back_to_week(appointment.starts_at)


def still_undoable(counselor: Person, now: datetime) -> Undoable | None:
    """Return the last change this counselor made, while it can be taken back."""
    last = moving.last_by(counselor, now)
    return Undoable(last, int((last.undo_until - now).total_seconds())) if last else None


def _asked(appointment: Appointment, sent: Mapping[str, str]) -> Span | None:
    """Read where a session shall go: another start, another length, or both."""
    starts_at = instant(sent.get("starts_at", "")) or _same_hour(appointment, read_day(sent.get("day")))
    text = sent.get("minutes", "")
    minutes = int(text) if text.isdigit() and len(text) < 5 else appointment.span.minutes
    after = Span.lasting(starts_at, max(minutes, 1))
    return None if after == appointment.span else after


def _same_hour(appointment: Appointment, day: date | None) -> datetime:
    """Return the time on another day at which the counselor's wall reads the same."""
    zone = ZoneInfo(appointment.counselor.zone)
    local = appointment.starts_at.astimezone(zone)
    if day is None or day == local.date():
        return appointment.starts_at
    return instant_of(first_reading(zone, day, local.hour * 60 + local.minute))


def _sheet(appointment: Appointment, after: Span, refusal: BookingRefusedError | None = None) -> str:
    counselor, now = current_person(), ports().clock.now()
    panel = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    zone = ZoneInfo(counselor.zone)
    notices, told_at = previews.of_move(appointment, after, now), now + moving.UNDO_LASTS
    nearest: list[datetime] = []
    if isinstance(refusal, SlotTakenError) and after.starts_at != appointment.starts_at:
        nearest = Sought.moving(appointment, side=Side.COUNSELOR).nearest(after.starts_at, now)
    return render_template(
        "booking/_week_change.html" if panel else "booking/week_change.html",
        appointment=appointment,
        after=after,
        same_start=after.starts_at == appointment.starts_at,
        same_day=after.starts_at.astimezone(zone).date() == appointment.starts_at.astimezone(zone).date(),
        problem=_said(refusal) if refusal else _foreseen(appointment, after, now),
        nearest=nearest,
        outside=isinstance(refusal, OutsideHoursError),
        place=_place_after(appointment, after, now),
        news=[each for each in notices if each.due_at <= told_at],
        reminders=[each for each in notices if each.due_at > told_at],
        other_zones=other_zones(appointment, counselor),
        zone=counselor.zone,
    )


def _place_after(appointment: Appointment, after: Span, now: datetime) -> Location | None:
    """Return where people would meet, when that is another place than now."""
    place = eligibility.location_at(appointment, after.starts_at, now)
    return db.session.get(Location, place) if place and place != appointment.location_id else None


def _said(refusal: BookingRefusedError) -> str:
    if isinstance(refusal, OutsideHoursError):
        return "This time lies outside your hours or limits, or off the grid they are booked on."
    return str(refusal)


def _foreseen(appointment: Appointment, after: Span, now: datetime) -> str:
    """Say already now why the change would be refused."""
    if words := policy.refusal_to_move(appointment.standing, Side.COUNSELOR, now):
        return words
    if not policy.SHORTEST <= after.minutes <= policy.LONGEST:
        return f"A session lasts {policy.SHORTEST} to {policy.LONGEST} minutes."
    return ""


def _back_to_week(instant: datetime) -> ResponseReturnValue:
    return redirect(url_for("booking.week", day=instant.astimezone(ZoneInfo(current_person().zone)).date()), 303)


def _own(appointment_id: int) -> Appointment:
    appointment = seen(appointment_id)
    return appointment if appointment.side_of(current_person()) is Side.COUNSELOR else abort(404)
