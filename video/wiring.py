"""How video joins the app."""

from __future__ import annotations

from flask import Flask

from video import models, panels, subscribers
from video.views import bp

__all__ = ["models", "wire"]


def wire(app: Flask) -> None:
    """Register pages, panels and subscribers."""
    app.register_blueprint(bp)
    panels.fill()
    subscribers.subscribe()
