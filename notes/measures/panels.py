"""What questionnaires show on other pages: alerts first of all, what waits for a client, and scores beside a note."""

from datetime import timedelta

from flask import render_template, request

from notes import keys
from notes.measures import drawing, queries
from notes.measures.register import FREE
from notes.measures.scoring import Course, finding
from notes.models import Chart
from notes.safety.queries import chart_between
from notes.vault import Ring
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person

JUST_NOW = timedelta(hours=1)
"""What was asked longer ago waits in the account, and does not lie over a session."""


@fills("counselor_now")
def alerts_today(**_more: object) -> str:
    """Show a counselor what to look at now and what is not settled; it fills by itself while the page is open."""
    return alerts_shown(floats=False)


@fills("counselor_pages", order=1)
def alerts_on_any_page(**_more: object) -> str | None:
    """Show a counselor what to look at now, whatever page they are on."""
    return None if request.endpoint in {"booking.today", "notes.alert"} else alerts_shown(floats=True)


@fills("room_notices", order=1)
def alerts_in_the_room(*, is_counselor: bool, **_more: object) -> str | None:
    """Show a counselor what to look at now while they are in a session; it opens beside the session."""
    return alerts_shown(floats=True, in_room=True) if is_counselor else None


@fills("room_notices", order=2)
def questions_in_the_room(*, is_counselor: bool, **_more: object) -> str | None:
    """Show a client in a session what they are asked just now; it opens beside the session."""
    return None if is_counselor else questions_shown()


def questions_shown() -> str:
    """Render what the client who asks was asked in the last hour and has not given."""
    since = ports().clock.now() - JUST_NOW
    found = [each for each in queries.open_askings(current_person()) if each.asked_at >= since]
    return render_template("notes/measures/panel_room.html", askings=found)


def alerts_shown(*, floats: bool, in_room: bool = False) -> str:
    """Render the alerts of the counselor who asks; those that float are only the ones not seen."""
    waiting = queries.open_alerts(current_person(), now=ports().clock.now())
    found = [each for each in waiting if not (floats and each.seen_at)]
    return render_template(
        "notes/measures/panel_alerts.html", alerts=found, zone=current_person().zone, floats=floats, in_room=in_room
    )


@fills("administrator_day", order=1)
def alerts_unseen(**_more: object) -> str | None:
    """Show the practice alerts that their counselor has not seen."""
    found = queries.alerts_told_of()
    if not found:
        return None
    return render_template("notes/measures/panel_unseen.html", alerts=found, zone=current_person().zone)


@fills("client_home", order=8)
def waiting_questions(**_more: object) -> str | None:
    """Tell a client of questions that wait."""
    found = queries.open_askings(current_person())
    return render_template("notes/measures/panel_waiting.html", askings=found, free=FREE) if found else None


@fills("client_ways", order=10)
def way_to_questions(**_more: object) -> str:
    """Lead a client to their questions and what they answered."""
    return render_template("notes/measures/way.html")


@fills("client_chart", order=30)
def on_the_chart(*, client: Person, **_more: object) -> str:
    """Lead from a client's chart to their questionnaires."""
    counselor = current_person()
    return render_template(
        "notes/measures/panel_chart.html", client=client, courses=_courses(counselor, client), finding=finding
    )


@fills("note_beside", order=10)
def beside_the_note(*, client: Person, counselor: Person, **_more: object) -> str | None:
    """Show baseline, previous and latest scores beside the note that is being written."""
    found = _courses(counselor, client)
    if not found:
        return None
    return render_template(
        "notes/measures/panel_note.html", client=client, courses=found, finding=finding, zone=counselor.zone
    )


def pictures_of(chart: Chart) -> list[drawing.Picture]:
    """Draw what was answered on a chart, for whoever can open its record."""
    return pictures(chart, queries.courses(queries.results(queries.askings_on(chart))))


def pictures(chart: Chart, courses: list[Course]) -> list[drawing.Picture]:
    """Draw every course that has a score."""
    sessions = queries.sessions_held(chart)
    zone = chart.counselor.zone
    return [drawing.picture(each, sessions, finding(each), zone) for each in courses if each.points]


def _courses(counselor: Person, client: Person) -> list[Course]:
    chart = chart_between(counselor, client)
    if chart is None or not keys.may_open(chart, Ring.RECORD):
        return []
    return [each for each in queries.courses(queries.results(queries.askings_on(chart))) if each.points]
