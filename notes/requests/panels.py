"""What requests show on other pages: what is due, what was agreed about a chart, and what the client disagrees with."""

from datetime import timedelta

from flask import render_template

from notes import keys
from notes.requests import queries, services
from notes.requests.clocks import Standing
from notes.requests.models import RecordRequest
from notes.requests.wording import NOUNS
from notes.safety.queries import chart_between
from notes.vault import Ring
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person

AHEAD = timedelta(days=14)


@fills("counselor_today", order=45)
def due_for_a_counselor(**_more: object) -> str | None:
    """Tell a counselor which answers are due within two weeks, or late."""
    return _due(current_person(), "notes.request", "notes.requests")


@fills("administrator_day", order=45)
def due_in_the_practice(**_more: object) -> str | None:
    """Tell an administrator the same of the whole practice."""
    return _due(None, "notes.practice_request", "notes.practice_requests")


@fills("client_chart", order=5)
def on_the_chart(*, client: Person, **_more: object) -> str | None:
    """Show what was agreed or disputed about a chart, and the way to put a request down."""
    chart = chart_between(current_person(), client)
    if chart is None:
        return None
    restrictions, disputes = queries.restrictions_of(chart), queries.disputes_of(chart)
    opens = keys.may_open(chart, Ring.RECORD)
    return render_template(
        "notes/requests/panel_chart.html",
        client=client,
        restrictions=[(each, services.opened(each)) for each in restrictions] if opens else [],
        disputes=[(each, services.opened(each)) for each in disputes] if opens else [],
        chart=chart,
    )


def _due(counselor: Person | None, one: str, desk: str) -> str | None:
    now = ports().clock.now()
    today = queries.today(now)
    found = queries.due_by(today + AHEAD, now=now, counselor=counselor)
    if not found:
        return None

    def standing(each: RecordRequest) -> Standing:
        return Standing.of(each.due_on, today)

    return render_template(
        "notes/requests/panel_due.html", found=found, one=one, desk=desk, nouns=NOUNS, standing=standing
    )
