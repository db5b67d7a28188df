"""What video does by itself: it notes who came, and tidies."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from booking import services as booking
from booking.models.appointments import Appointment
from booking.policy import CONFIRMED, VIDEO
from booking.refusals import NotAllowedError
from practice.core.db import db
from practice.core.scheduler import every
from practice.core.settings import settings
from video import servers
from video.logbook import queries

log = logging.getLogger(__name__)

_LOOKED_BACK = timedelta(days=2)


@every(3600, "video.forget_old_servers")
def forget_old_servers(now: datetime) -> None:
    """Forget media servers that are gone for good."""
    servers.forget_old(now)


@every(60, "video.note_who_came")
def note_who_came(now: datetime) -> None:
    """Mark sessions as completed that the room's log shows to have taken place, once their room is closed.

    That somebody did not come is never concluded: a room that saw nothing may have been out of order.
    """
    closed = now - timedelta(minutes=settings().room_closes_minutes_after)
    unmarked = select(Appointment).where(
        Appointment.status == CONFIRMED,
        Appointment.mode == VIDEO,
        Appointment.ends_at <= closed,
        Appointment.ends_at > closed - _LOOKED_BACK,
    )
    for appointment in db.session.scalars(unmarked.order_by(Appointment.id)).all():
        if not queries.attended(appointment):
            continue
        try:
            booking.mark_attended(appointment, attended=True, by=None, now=now)
        except NotAllowedError as error:
            log.info("Appointment %d stays unmarked: %s", appointment.id, error)
