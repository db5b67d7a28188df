"""What openings show on the day's pages: what to look at, and what one is asked."""

from flask import render_template

from notes.openings import queries
from practice.core.panels import fills
from practice.core.ports import ports
from practice.security import current_person


@fills("counselor_today", order=28)
def of_today(**_more: object) -> str | None:
    """Tell a counselor of openings to look at, and of questions about their own."""
    person = current_person()
    look, asked = queries.to_be_looked_at(person), queries.asked_of(person)
    return render_template("notes/openings/panel_today.html", look=look, asked=asked) if look or asked else None


@fills("administrator_day", order=20)
def of_the_practice(**_more: object) -> str | None:
    """Tell administrators of what was not right, and of what nobody looked at."""
    count = queries.for_the_practice(now=ports().clock.now())
    return render_template("notes/openings/panel_day.html", count=count) if count else None
