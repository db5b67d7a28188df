"""What shared sessions put on other pages: who else comes, and which groups can be joined."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template

from booking import published
from booking.groups import queries
from booking.models.appointments import Appointment
from booking.models.services import Service
from booking.policy import LIVE
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person


@fills("appointment", order=5)
def others_in_it(appointment: Appointment, viewer: Person, **_more: object) -> str | None:
    """Say who else is in the session: names to a family, a number to a group."""
    session = appointment.group_session
    if session is None or appointment.status not in LIVE:
        return None
    return render_template(
        "booking/panel_seat.html",
        appointment=appointment,
        session=session,
        gathering=queries.gathering(session, ports().clock.now()),
        others=queries.companions(appointment),
        invited=queries.unanswered(session),
        is_counselor=viewer.id == session.counselor_id,
        is_booker=viewer.id == session.booker_id,
    )


@fills("group_times", order=10)
def groups_to_join(service: Service, zone: str, viewer: Person | None, *, may_book: bool, **_more: object) -> str:
    """List the sessions of a group that anybody may join."""
    now = ports().clock.now()
    gatherings = queries.joinable(service, now)
    return render_template(
        "booking/panel_group_times.html",
        gatherings=gatherings,
        joinable_from=now + timedelta(minutes=published.rules_of(service.counselor_id).notice_minutes),
        zone=zone,
        may_book=may_book,
        viewer=viewer,
        mine=queries.seated(viewer, [each.session.id for each in gatherings], now) if viewer else set(),
    )
