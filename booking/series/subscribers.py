"""What a series does when one of its sessions is paid or let go: all that wait for the first go the same way."""

from __future__ import annotations

from booking import events
from booking import services as single
from booking.models.series import AppointmentSeries
from booking.policy import HELD
from booking.series import queries, services
from practice.core.db import db


def subscribe() -> None:
    """Listen to booking itself."""
    events.confirmed.subscribe(_stand_together)
    events.released.subscribe(_let_go_together)


def _stand_together(happened: events.Confirmed) -> None:
    series_id = happened.appointment.series_id
    if series_id is None or services.is_under_way(series_id):
        return
    rest = [each for each in queries.unpaid_holds(series_id) if each.id != happened.appointment.id]
    if rest:
        services.stand(db.session.get_one(AppointmentSeries, series_id), [happened.appointment, *rest], happened.now)


def _let_go_together(happened: events.Released) -> None:
    series_id = happened.appointment.series_id
    if series_id is None or happened.ending is not events.Ending.LEFT or services.is_under_way(series_id):
        return
    with services.together(series_id):
        for each in queries.unpaid_holds(series_id):
            if each.status == HELD:
                single.release(each, now=happened.now)
