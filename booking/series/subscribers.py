"""What a series does when its first session is paid or let go: all that were kept with it go the same way."""

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
    """Let all stand that were kept together with the first of them; a later one that is paid stands alone."""
    series_id = happened.appointment.series_id
    if series_id is None or services.is_under_way(series_id):
        return
    paid = happened.appointment
    rest = [each for each in queries.unpaid_holds(series_id, paid.created_at) if each.id != paid.id]
    if rest and paid.starts_at < rest[0].starts_at:
        services.stand(db.session.get_one(AppointmentSeries, series_id), [paid, *rest], happened.now)


def _let_go_together(happened: events.Released) -> None:
    series_id = happened.appointment.series_id
    if series_id is None or happened.ending is not events.Ending.LEFT or services.is_under_way(series_id):
        return
    with services.together(series_id):
        for each in queries.unpaid_holds(series_id, happened.appointment.created_at):
            if each.status == HELD:
                single.release(each, now=happened.now)
