"""How money joins the app."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from billing import demo, jobs, letters, models, panels, subscribers
from billing.papers import wiring as papers
from billing.views.blueprint import bp
from practice.core import navigation
from practice.models import ADMINISTRATOR, CLIENT

__all__ = ["demo", "jobs", "letters", "models", "panels", "papers", "wire"]

VIEWS = ("paying", "bills", "webhooks", "papers", "office", "refunds", "ledger", "adjustments")


def wire(app: Flask) -> None:
    """Register pages, menu entries, mail, jobs, panels and what money wants to hear of."""
    for name in VIEWS:
        import_module(f"billing.views.{name}")
    app.register_blueprint(bp)
    subscribers.subscribe()
    navigation.add(
        "Payments", "billing.mine", "receipt", roles={CLIENT}, order=30, also={"billing.account", "billing.statement"}
    )
    navigation.add("Invoices", "billing.invoices", "receipt", roles={ADMINISTRATOR}, order=40)
    navigation.add("Payments", "billing.payments", "card", roles={ADMINISTRATOR}, order=42)
    navigation.add("Ledger", "billing.ledger", "list", roles={ADMINISTRATOR}, order=44, also={"billing.posting"})
