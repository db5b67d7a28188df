"""How saved cards join the app."""

from __future__ import annotations

from importlib import import_module

from billing.cards import demo, jobs, models

__all__ = ["demo", "jobs", "models", "wire"]


def wire() -> None:
    """Register the pages."""
    for name in ("views", "paying"):
        import_module(f"billing.cards.{name}")
