"""What video does when booking has news, and what it tells when booking asks."""

from booking import events
from booking.fees import witnesses
from booking.models.appointments import Appointment
from booking.policy import NO_SHOW, VIDEO
from video import services
from video.logbook.testimony import fault_words


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
    return fault_words(appointment)
