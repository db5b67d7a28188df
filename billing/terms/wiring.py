"""How the terms of paying join the app."""

from __future__ import annotations

from importlib import import_module

from billing.terms import demo, jobs, letters, models, panels, subscribers

__all__ = ["demo", "jobs", "letters", "models", "panels", "wire"]


def wire() -> None:
    """Register the pages, and listen to booking."""
    import_module("billing.terms.views")
    subscribers.subscribe()
