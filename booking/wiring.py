"""How booking joins the app."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from booking import demo, jobs, letters, models
from booking.views.blueprint import bp
from practice.core import navigation
from practice.models import CLIENT, COUNSELOR

__all__ = ["demo", "jobs", "models", "wire"]

PAGES = ("absences", "agenda", "appointments", "bookings", "changes", "counselors", "directory", "hours", "services")


def wire(app: Flask) -> None:
    """Register pages, panels, menu entries, mail and jobs."""
    for name in PAGES:
        import_module(f"booking.views.{name}")
    import_module("booking.panels")
    app.register_blueprint(bp)
    letters.register()
    _fill_menu()


def _fill_menu() -> None:
    counselor, client = {COUNSELOR}, {CLIENT}
    navigation.add("Today", "booking.today", "sun", roles=counselor, order=10)
    navigation.add("Week", "booking.week", "calendar-days", roles=counselor, order=12)
    navigation.add("Hours", "booking.hours", "clock", roles=counselor, order=40)
    navigation.add("Services", "booking.services", "tag", roles=counselor, order=42)
    navigation.add("Your sessions", "booking.appointments", "calendar", roles=client, order=10)
    navigation.add("Find a counselor", "booking.directory", "search", roles=client, order=20)
