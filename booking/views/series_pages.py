"""Where series are seen: the counselor's list, a series' own page, and on the pages of its sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from booking import clientele, policy
from booking.models.appointments import Appointment
from booking.models.series import AppointmentSeries
from booking.policy import CONFIRMED
from booking.series import queries as series_queries
from booking.series.services import may_recur
from booking.views.blueprint import bp
from booking.views.series import at_hour
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person, signed_in

WEEK = timedelta(weeks=1)


@bp.get("/series")
@counselors_only
def all_series() -> ResponseReturnValue:
    """List the series a counselor has running, with the way to a new one."""
    counselor, now = current_person(), ports().clock.now()
    return render_template(
        "booking/series_list.html",
        running=series_queries.running(now, counselor=counselor),
        clients=clientele.bookable(counselor),
    )


@bp.get("/series/<int:series_id>")
@signed_in
def series(series_id: int) -> ResponseReturnValue:
    """Show a series to its two people and to administrators."""
    viewer, now = current_person(), ports().clock.now()
    found = series_queries.series_for(viewer, series_id) or abort(404)
    sessions = series_queries.sessions_of(found.id)
    ahead = [each for each in sessions if each.ends_at > now and each.status != policy.CANCELLED]
    return render_template(
        "booking/series.html",
        series=found,
        ahead=ahead,
        behind=[each for each in sessions if each not in ahead],
        next_standing=next((each for each in ahead if each.status == CONFIRMED and each.starts_at > now), None),
        other=found.counselor if viewer.id == found.client_id else found.client,
        side=_side(found, viewer),
        can_lengthen=found.service.active and (viewer.id == found.counselor_id or may_recur(found.service)),
        zone=viewer.zone,
    )


@fills("appointment", order=20)
def part_of_a_series(appointment: Appointment, viewer: Person, **_more: object) -> str | None:
    """Say on a session's page which series it belongs to, or offer to make it recur."""
    now, side = ports().clock.now(), appointment.side_of(viewer)
    if appointment.series is not None:
        sessions = [each for each in series_queries.sessions_of(appointment.series.id) if each.confirmed_at]
        ids = [each.id for each in sessions]
        return render_template(
            "booking/panel_series.html",
            appointment=appointment,
            series=appointment.series,
            number=ids.index(appointment.id) + 1 if appointment.id in ids else None,
            count=len(ids),
            changeable=appointment.status == CONFIRMED and appointment.starts_at > now,
            side=str(side),
        )
    alone = appointment.group_session_id is None and appointment.service.kind == policy.INDIVIDUAL
    stood = appointment.status in policy.LIVE and appointment.confirmed_at is not None
    if alone and stood and (repeat := _repeat_href(appointment, viewer, now)):
        return render_template("booking/panel_repeat.html", repeat=repeat)
    return None


@fills("client_sessions", order=20)
def series_of_client(viewer: Person, **_more: object) -> str | None:
    """Show a client the series they have, above the sessions themselves."""
    running = series_queries.running(ports().clock.now(), client=viewer)
    return render_template("booking/panel_client_series.html", running=running, zone=viewer.zone) if running else None


@fills("client_chart", order=20)
def series_with_client(client: Person, viewer: Person, **_more: object) -> str:
    """Show a counselor the series of one client, and the way to a new one."""
    running = series_queries.running(ports().clock.now(), counselor=viewer, client=client)
    return render_template("booking/panel_chart_series.html", running=running, client=client, zone=viewer.zone)


def _repeat_href(appointment: Appointment, viewer: Person, now: datetime) -> str:
    """Return where this person makes a session recur from its hour a week later on, or nothing."""
    first = appointment.starts_at + WEEK
    if first <= now:
        return ""
    if viewer.id == appointment.counselor_id:
        address = url_for("booking.series_for", client_id=appointment.client_id)
        return f"{address}?{urlencode(at_hour(appointment, first))}"
    if viewer.id != appointment.client_id or not may_recur(appointment.service):
        return ""
    return url_for(
        "booking.series_with",
        counselor_id=appointment.counselor_id,
        service_id=appointment.service_id,
        starts_at=f"{first:%Y-%m-%dT%H:%MZ}",
    )


def _side(found: AppointmentSeries, viewer: Person) -> str:
    return {found.client_id: "client", found.counselor_id: "counselor"}.get(viewer.id, "practice")
