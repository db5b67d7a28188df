"""One's own agenda in one's own calendar program: the page about its address, and what lies there."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.calendars import feeds
from booking.calendars.forms import FeedTitles
from booking.models.calendars import BUSY, INITIALS, NEUTRAL
from booking.views.blueprint import bp
from practice.core.db import db, writing
from practice.core.forms import Errors, blank
from practice.core.ports import ports
from practice.links import absolute
from practice.security import current_person, open_to_all, signed_in
from practice.views.throttle import throttle


@bp.get("/account/calendar")
@signed_in
def calendar_feed() -> ResponseReturnValue:
    """Say whether there is an address, and how to make or end one."""
    return _page()


@bp.post("/account/calendar")
@signed_in
def make_feed() -> ResponseReturnValue:
    """Make the address, or a new one in place of the old, and show it this once."""
    form = FeedTitles.parse(request.form, counselor=current_person().is_counselor)
    if isinstance(form, Errors):
        return _page(form), 422
    secret = feeds.renew(current_person(), now=ports().clock.now(), titles=form.titles)
    db.session.commit()
    return _page(secret=secret), 201


@bp.post("/account/calendar/titles")
@signed_in
def name_entries() -> ResponseReturnValue:
    """Change what entries are called; the address stays."""
    form = FeedTitles.parse(request.form, counselor=current_person().is_counselor)
    if isinstance(form, Errors):
        return _page(form), 422
    feed = feeds.of(current_person()) or abort(404)
    feed.titles = form.titles
    db.session.commit()
    flash("Saved. Calendars show it when they read the address next.", "good")
    return redirect(url_for("booking.calendar_feed"), 303)


@bp.post("/account/calendar/removal")
@signed_in
def end_feed() -> ResponseReturnValue:
    """End the address."""
    feeds.end(current_person())
    db.session.commit()
    flash("The address no longer works.", "good")
    return redirect(url_for("booking.calendar_feed"), 303)


@bp.get("/calendar/<secret>.ics")
@open_to_all
def feed(secret: str) -> ResponseReturnValue:
    """Give the agenda to whoever has its address."""
    with writing():
        throttle("calendar_feed", account=secret)
    now = ports().clock.now()
    found = feeds.behind(secret) or abort(404)
    answer = Response(feeds.written(found, now), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.add_etag()
    if found.fetched_at is None or found.fetched_at <= now - feeds.NOTED_EVERY:
        feeds.note_fetched(found.id, now)
    return answer.make_conditional(request)


def _page(form: Errors | None = None, *, secret: str = "") -> str:
    person = current_person()
    found = feeds.of(person)
    address = absolute("booking.feed", secret=secret) if secret else ""
    choices = [
        (NEUTRAL, "Appointment", "Says that something is there, and not what."),
        (BUSY, "Busy", "Says even less, and leaves out the link to the session."),
    ]
    if person.is_counselor:
        choices.append((INITIALS, "Appointment and initials", "Such as “Appointment AM”, for your clients’ sessions."))
    return render_template(
        "booking/feed.html",
        form=form or blank(titles=found.titles if found else NEUTRAL),
        feed=found,
        address=address,
        subscribe="webcal://" + address.partition("://")[2] if address else "",
        choices=choices,
    )
