"""What video does when booking has news."""

from booking import events
from video import services


def subscribe() -> None:
    """Give every confirmed appointment its room; its hours follow the appointment by themselves."""
    events.confirmed.subscribe(_prepare)


def _prepare(news: events.Confirmed) -> None:
    services.prepare(news.appointment, now=news.now)
