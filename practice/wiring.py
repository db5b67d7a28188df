"""How the people's part joins the app."""

from __future__ import annotations

from flask import Flask

from practice.core import audit, outbox
from practice.views import front
from practice.views.blueprint import bp

TABLES = (audit.AuditEntry, outbox.OutboxMessage)
PAGES = (front,)


def wire(app: Flask) -> None:
    """Register pages, menu entries, mail and jobs."""
    app.register_blueprint(bp)
