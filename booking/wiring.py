"""How booking joins the app."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask

from booking import demo, demo_bookings, jobs, letters, meeting, subscribers, whereabouts
from booking.fees import letters as fee_letters
from booking.fees import subscribers as fee_subscribers
from booking.groups import families, rhythm_letters
from booking.groups import letters as group_letters
from booking.illness import letters as illness_letters
from booking.reminding import letters as reminding_letters
from booking.requests import letters as request_letters
from booking.requests import subscribers as request_subscribers
from booking.series import demo as series_demo
from booking.series import jobs as series_jobs
from booking.series import letters as series_letters
from booking.series import subscribers as series_subscribers
from booking.views import demo_texts
from booking.views.blueprint import bp
from booking.waitlist import letters as waitlist_letters
from booking.waitlist import subscribers as waitlist
from practice.core import navigation
from practice.core.settings import settings
from practice.models import ADMINISTRATOR, CLIENT, COUNSELOR

__all__ = ["demo", "demo_bookings", "jobs", "series_demo", "series_jobs", "wire"]


def wire(app: Flask) -> None:
    """Register pages, panels, menu entries, mail and jobs."""
    _import_all("booking.models")
    _import_all("booking.views")
    import_module("booking.panels")
    import_module("booking.fees.demo")
    import_module("booking.fees.jobs")
    import_module("booking.groups.panels")
    import_module("booking.groups.rhythm_jobs")
    import_module("booking.groups.demo")
    import_module("booking.reminding.panels")
    import_module("booking.reminding.jobs")
    import_module("booking.calendars.demo")
    import_module("booking.reminding.demo")
    import_module("booking.calendars.jobs")
    import_module("booking.waitlist.demo")
    import_module("booking.waitlist.jobs")
    import_module("booking.waitlist.panels")
    app.register_blueprint(bp)
    with app.app_context():
        if settings().is_demo:
            demo_texts.add_to(app)
    app.jinja_env.filters.update(
        mode_words=meeting.mode_words,
        mode_icon=meeting.mode_icon,
        whereabouts=whereabouts.whereabouts,
        join_words=whereabouts.join_words,
    )
    letters.register()
    reminding_letters.register()
    group_letters.register()
    rhythm_letters.register()
    families.subscribe()
    request_letters.register()
    request_subscribers.subscribe()
    illness_letters.register()
    series_letters.register()
    series_subscribers.subscribe()
    waitlist_letters.register()
    waitlist.subscribe()
    fee_subscribers.subscribe()
    fee_letters.register()
    subscribers.subscribe()
    _fill_menu()


def _fill_menu() -> None:
    counselor, client = {COUNSELOR}, {CLIENT}
    navigation.add("Today", "booking.today", "sun", roles=counselor, order=10)
    navigation.add(
        "Week",
        "booking.week",
        "calendar-days",
        roles=counselor,
        order=12,
        also=("booking.one_day", "booking.month", "booking.new_session", "booking.enter_session"),
    )
    navigation.add("Series", "booking.all_series", "refresh", roles=counselor, order=14)
    navigation.add("Waitlist", "booking.waitlist", "hourglass", roles=counselor, order=16)
    sides = ("day_changes", "plans", "time_off", "calendars", "holidays", "places", "rules")
    navigation.add(
        "Hours",
        "booking.hours",
        "clock",
        roles=counselor,
        order=40,
        group=navigation.Group.PRACTICE,
        also=[f"booking.{each}" for each in sides],
    )
    navigation.add("Reminders", "booking.reminder_choices", "bell", roles=client, order=30)
    navigation.add(
        "Messages", "booking.messages", "send", roles={ADMINISTRATOR}, order=70, group=navigation.Group.PRACTICE
    )
    navigation.add("Services", "booking.services", "tag", roles=counselor, order=42, group=navigation.Group.PRACTICE)
    navigation.add("Groups", "booking.groups_index", "users", roles=counselor, order=15)
    navigation.add(
        "Fees", "booking.fees", "coins", roles={COUNSELOR, ADMINISTRATOR}, order=43, group=navigation.Group.MONEY
    )
    navigation.add("Your sessions", "booking.appointments", "calendar", roles=client, order=10)
    navigation.add("Find a counselor", "booking.directory", "search", roles=client, order=20)
    navigation.add("Waitlist", "booking.waiting", "hourglass", roles=client, order=22)


def _import_all(package: str) -> None:
    """Import every module of a package: tables and pages are known once they are imported."""
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        import_module(module.name)
