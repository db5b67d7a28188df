"""How saved cards join the app."""

from __future__ import annotations

from importlib import import_module

from billing.cards import jobs, models

__all__ = ["jobs", "models", "wire"]


def wire() -> None:
    """Register the pages."""
    for name in ("views", "paying"):
        import_module(f"billing.cards.{name}")
