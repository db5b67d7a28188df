"""What plans show elsewhere: the plan on a chart, the lines a note may point at, reviews due today."""

from collections.abc import Iterable

from flask import render_template
from markupsafe import Markup

from notes.models import Note
from notes.plans import queries, services
from notes.plans.document import OBJECTIVE, Plan
from notes.plans.views.pages import LABELS, today
from notes.words import Words
from practice.core import panels
from practice.models import Person
from practice.security import person_or_none


def fill() -> None:
    """Register the panels."""
    panels.fills("client_chart", order=10)(on_the_chart)
    panels.fills("counselor_today", order=50)(of_today)
    panels.fills("note_links", order=10)(to_link)
    panels.fills("note_links_shown", order=10)(linked)


def on_the_chart(*, client: Person, viewer: Person, **_more: object) -> Markup:
    """Show where the plan stands, or the way to begin one."""
    chart = queries.chart_on(viewer, client)
    state = queries.latest(chart) if chart else None
    return _page("notes/plans/panel_chart.html", client=client, state=state, today=today())


def of_today(**_more: object) -> Markup | None:
    """Name the plans whose review has come."""
    viewer = person_or_none()
    due = queries.to_review(viewer, until=today()) if viewer and viewer.is_counselor else ()
    return _page("notes/plans/panel_today.html", due=due, today=today()) if due else None


def to_link(*, chart_client: Person, counselor: Person, chosen: Iterable[str] = (), **_more: object) -> Markup | None:
    """Offer the open objectives and interventions of the plan to a note."""
    plan = _plan(counselor, chart_client)
    picked = set(chosen)
    branches = [
        (plan.line(line.under), [line, *(each for each in plan.lines if each.under == line.id)])
        for line in plan.lines
        if line.kind == OBJECTIVE and (line.is_open or line.id in picked)
    ]
    lines = [(goal, [each for each in each_of if each.is_open or each.id in picked]) for goal, each_of in branches]
    return _page("notes/plans/panel_links.html", client=chart_client, lines=lines, picked=picked) if lines else None


def linked(*, note: Note, words: Words, **_more: object) -> Markup | None:
    """Show what of the plan a note was about."""
    links: tuple[str, ...] = getattr(words, "links", ())
    if not links:
        return None
    plan = services.plan_of(note.chart)[0]
    known = {line.id: line for line in plan.lines}
    shown = [known[link] for link in links if link in known]
    return _page("notes/plans/panel_linked.html", lines=shown, gone=len(links) - len(shown), labels=LABELS)


def _plan(counselor: Person, client: Person) -> Plan:
    return services.plan_of(queries.chart_on(counselor, client))[0]


def _page(template: str, **words: object) -> Markup:
    return Markup(render_template(template, **words))  # noqa: S704 - a rendered template
