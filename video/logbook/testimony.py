"""What the log says when it is asked whether somebody came."""

from __future__ import annotations

from booking.models.appointments import Appointment
from practice.core import formats
from video import faults, queries
from video.faults import Fault


def fault_words(appointment: Appointment) -> str | None:
    """Say in words why the log of the room speaks against holding it that the client did not come."""
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
