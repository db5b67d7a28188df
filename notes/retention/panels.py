"""What the time of records shows elsewhere: on a chart until when it is kept, and on the day's pages what is over."""

from flask import render_template

from notes.models import Chart
from notes.retention import queries, services
from notes.retention.exceptions import WORDS as EXCEPTIONS
from notes.safety.queries import chart_between
from practice.core.panels import fills
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person


@fills("client_chart", order=80)
def on_the_chart(*, client: Person, **_more: object) -> str | None:
    """Tell the counselor until when their chart is kept, what holds it, and who agreed to its end."""
    chart = chart_between(current_person(), client)
    return _of(chart, decides=True) if chart else None


@fills("chart_head")
def at_its_head(*, client: Person, **_more: object) -> str | None:
    """Say in a line at the head of a chart until when it is kept, or what stands in the way."""
    chart = chart_between(current_person(), client)
    keeping = queries.keeping_of(chart, now=ports().clock.now()) if chart else None
    return render_template("notes/retention/panel_head.html", keeping=keeping) if keeping else None


@fills("lent_chart", order=80)
def on_a_lent_chart(*, chart: Chart, **_more: object) -> str:
    """Tell whoever took a chart over the same; they decide nothing."""
    return _of(chart, decides=False)


@fills("counselor_today", order=46)
def over_today(**_more: object) -> str | None:
    """Name the counselor's charts whose time is over and to whose end they have not agreed."""
    me = current_person()
    found = [each for each in queries.due(now=ports().clock.now(), counselor=me) if not services.has_agreed(each, me)]
    return render_template("notes/retention/panel_today.html", found=found) if found else None


@fills("administrator_day", order=46)
def over_in_the_practice(**_more: object) -> str | None:
    """Count the records that one or another pair of eyes has to look at."""
    found = queries.due(now=ports().clock.now())
    agreed = sum(each.is_reviewed for each in found)
    return render_template("notes/retention/panel_day.html", look=len(found) - agreed, agreed=agreed) if found else None


def _of(chart: Chart, *, decides: bool) -> str:
    keeping = queries.keeping_of(chart, now=ports().clock.now())
    return render_template(
        "notes/retention/panel_chart.html",
        keeping=keeping,
        decides=decides,
        agrees=services.has_agreed(keeping, current_person()),
        exceptions=EXCEPTIONS,
    )
