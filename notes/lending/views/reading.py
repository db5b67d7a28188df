"""A colleague reads a chart that was lent or handed over to them."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from notes import opening
from notes.custody.models import COVER
from notes.lending import queries
from notes.measures.panels import pictures_of
from notes.openings.views.asking import ask_first, reason_of
from notes.plans import services as plans
from notes.plans.views.pages import STANDINGS, STATUSES
from notes.safety import services as safety
from notes.safety.steps import STEPS
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.formats import local
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.get("/charts/lent/<int:chart_id>")
@counselors_only
def lent_chart(chart_id: int) -> ResponseReturnValue:
    """Show a lent chart: the safety plan, the treatment plan, and the notes; to a successor unsigned ones as well."""
    person, now = current_person(), ports().clock.now()
    access = queries.lent_chart(person, chart_id, now=now) or abort(404)
    reason = reason_of(access, now=now)
    if reason is None:
        return ask_first(access)
    chart, covers = access.chart, access.kind == COVER
    notes = list(opening.all_words_of(queries.notes_of(chart, drafts=not covers)))
    added = opening.texts_of([note for note, _ in notes])
    plan, state = plans.plan_of(chart)
    safety_plan = safety.plan_of(chart)
    page = render_template(
        "notes/lending/chart.html",
        access=access,
        chart=chart,
        covers=covers,
        notes=notes,
        added={number: dict(texts) for number, texts in added.items()},
        pictures=pictures_of(chart),
        plan=plan,
        state=state,
        statuses=dict(STATUSES),
        standings=dict(STANDINGS),
        safety_words=safety.words_of(safety_plan) if safety_plan else None,
        steps=STEPS,
        today=local(now, person.zone).date(),
    )
    audit.record_aside(
        "chart.viewed",
        person_id=person.id,
        subject=("person", chart.client_id),
        detail={"notes": [note.id for note, _ in notes]},
        about=chart.client_id,
        acting=access.kind,
        reason=reason,
    )
    return page
