"""How charging by itself joins the app."""

from __future__ import annotations

from importlib import import_module

from billing.autopay import demo, jobs, letters, models, panels

__all__ = ["demo", "jobs", "letters", "models", "panels", "wire"]


def wire() -> None:
    """Register the pages."""
    import_module("billing.autopay.views")
