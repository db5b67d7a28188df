"""The pages of the session log: what the rooms saw, and how the media servers are. Never what was said or shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.policy import Side
from booking.queries import appointment_for
from practice.core import audit
from practice.core.formats import local
from practice.core.ports import ports
from practice.queries.people import the_practice
from practice.security import administrators_only, current_person, signed_in
from practice.views.pages import pages_of, wanted_page, words_asked
from video.arrivals.pages import told_words
from video.arrivals.queries import in_session
from video.logbook import queries, words

bp = Blueprint("logbook", __name__)
PAGE_SIZE = 50


@bp.get("/rooms")
@administrators_only
def rooms() -> ResponseReturnValue:
    """Show the media servers and what the rooms of one day saw."""
    zone, now = the_practice().zone, ports().clock.now()
    today = local(now, zone).date()
    day = _day(request.args.get("date", ""), today)
    since = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    until = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    who, number = words_asked("who"), wanted_page()
    count, logs = queries.rooms_between(since, until, who=who, most=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    kept = {"date": None if day == today else day.isoformat(), "who": who or None}
    return render_template(
        "video/rooms.html",
        servers=queries.known_servers(),
        logs=logs,
        count=count,
        who=who,
        page=pages_of("logbook.rooms", number, -(-count // PAGE_SIZE), kept),
        day=day,
        today=today,
        zone=zone,
        before_href=url_for("logbook.rooms", date=day - timedelta(days=1), who=who or None),
        after_href=url_for("logbook.rooms", date=day + timedelta(days=1), who=who or None),
        words=words,
    )


@bp.get("/appointments/<int:appointment_id>/room/log")
@signed_in
def log(appointment_id: int) -> ResponseReturnValue:
    """Show what one session's room saw, to its counselor and to administrators."""
    person = current_person()
    appointment = appointment_for(person, appointment_id)
    if appointment is None or appointment.side_of(person) in {None, Side.CLIENT}:
        abort(404)
    found = queries.log_of(appointment) or abort(404)
    audit.record_aside("room.log_viewed", person_id=person.id, subject=("appointment", appointment.id))
    arrivals = {each.person_id: told_words(each)["line"] for each in in_session(appointment)}
    return render_template(
        "video/log.html", log=found, appointment=appointment, arrivals=arrivals, words=words, zone=person.zone
    )


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 2000 <= found.year <= 2999 else today
