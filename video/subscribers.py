"""What video does when booking has news, and what it tells when booking asks."""

from booking import events
from booking.fees import witnesses
from booking.models.appointments import Appointment
from booking.policy import NO_SHOW, VIDEO
from practice.core import formats
from video import faults, queries, services
from video.faults import Fault


def subscribe() -> None:
    """Give every confirmed appointment its room; its hours follow the appointment by themselves."""
    events.confirmed.subscribe(_prepare)
    witnesses.testifies(technology_failed)


def _prepare(news: events.Confirmed) -> None:
    services.prepare(news.appointment, now=news.now)


def technology_failed(appointment: Appointment) -> str | None:
    """Say in words why the log of the room speaks against a fee for not coming."""
    if appointment.status != NO_SHOW or appointment.mode != VIDEO:
        return None
    room = queries.room_of(appointment)
    found = faults.fault_of(
        room.events if room else (),
        client_id=appointment.client_id,
        counselor_id=appointment.counselor_id,
        span=appointment.span,
    )
    if found is None:
        return None
    fault, seen_at = found
    if fault is Fault.CLIENT_WAS_THERE and seen_at is not None:
        seen = formats.clock(seen_at, appointment.counselor.zone)
        return f"The room’s log has {appointment.client.first_name} there at {seen}."
    return f"The room’s log does not show {appointment.counselor.first_name} in it, so it cannot tell who came."
