"""What the pages of plans share: whose plan, what today is, and how the parts are called."""

from datetime import date, datetime

from flask import abort

from notes import queries as notes
from notes.models import Chart
from notes.plans import queries, services
from notes.plans.document import Plan
from practice.core.formats import local
from practice.core.ports import ports
from practice.models import Person
from practice.security import current_person

LABELS = {"problem": "Problem", "goal": "Goal", "objective": "Objective", "intervention": "Intervention"}
HINTS = {
    "problem": "In your client’s own words where you can.",
    "goal": "What shall be different when this is done.",
    "objective": "A step both of you can see: who does what, how often, until when.",
    "intervention": "What you do for it, and how often.",
}
STATUSES = (
    ("active", "Under way"),
    ("paused", "Resting for now"),
    ("reached", "Reached"),
    ("ended", "Ended without being reached"),
)
STANDINGS = (
    ("confirmed", "Confirmed"),
    ("provisional", "Provisional"),
    ("resolved", "Resolved"),
)


def my_client(client_id: int) -> Person:
    """Load a client of the counselor who asks, or answer 404."""
    return notes.client_of(current_person(), client_id) or abort(404)


def my_chart(client_id: int) -> Chart:
    """Load the chart a counselor began on a client, or answer 404."""
    return queries.chart_on(current_person(), my_client(client_id)) or abort(404)


def my_plan(client_id: int) -> tuple[Person, Plan, int]:
    """Open the plan for a client with the number of its state; an empty one where there is none yet."""
    client = my_client(client_id)
    return client, *services.plan_of(queries.chart_on(current_person(), client))


def now() -> datetime:
    """Tell the time."""
    return ports().clock.now()


def today() -> date:
    """Tell the day where the counselor is."""
    return local(now(), current_person().zone).date()
