"""How video joins the app."""

from __future__ import annotations

from flask import Flask

from video import jobs, models, panels, subscribers
from video.arrivals import models as arrival_models
from video.arrivals.views import bp as arrival_pages
from video.views import bp

__all__ = ["arrival_models", "jobs", "models", "wire"]


def wire(app: Flask) -> None:
    """Register pages, panels and subscribers."""
    app.register_blueprint(bp)
    app.register_blueprint(arrival_pages)
    panels.fill()
    subscribers.subscribe()
