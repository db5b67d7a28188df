"""How video joins the app."""

from __future__ import annotations

from flask import Flask

from practice.core import navigation
from practice.models import ADMINISTRATOR
from video import jobs, models, panels, subscribers
from video.arrivals import models as arrival_models
from video.arrivals.views import bp as arrival_pages
from video.guests import models as guest_models
from video.guests.views import bp as guest_pages
from video.logbook.views import bp as logbook_pages
from video.views import bp

__all__ = ["arrival_models", "guest_models", "jobs", "models", "wire"]


def wire(app: Flask) -> None:
    """Register pages, panels and subscribers."""
    app.register_blueprint(bp)
    app.register_blueprint(arrival_pages)
    app.register_blueprint(guest_pages)
    app.register_blueprint(logbook_pages)
    navigation.add(
        "Video rooms", "logbook.rooms", "video", roles={ADMINISTRATOR}, order=55, group=navigation.Group.PRACTICE
    )
    panels.fill()
    subscribers.subscribe()
