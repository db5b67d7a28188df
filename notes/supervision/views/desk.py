"""The desk of supervision: what waits, who supervises whom, accepting, ending, and the charts one oversees."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notes import opening
from notes.measures.panels import pictures_of
from notes.plans import services as plans
from notes.plans.views.pages import STANDINGS as DIAGNOSIS_STANDINGS
from notes.plans.views.pages import STATUSES
from notes.supervision import queries, services, sharing
from notes.supervision.services import SupervisionError
from notes.supervision.views.pages import DUTIES, STANDINGS, my_supervision, now, today
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.db import db
from practice.security import counselors_only, current_person


@bp.get("/supervision")
@counselors_only
def supervision() -> ResponseReturnValue:
    """Show what waits for this counselor as supervisor and as supervisee."""
    person = current_person()
    all_of_it = queries.supervisions_of(person)
    return render_template(
        "notes/supervision/desk.html",
        queue=queries.queue(person, today=today()),
        answers=queries.answers_due(person, today=today()),
        overseen=[each for each in all_of_it if each.supervisor_id == person.id],
        overseers=[each for each in all_of_it if each.supervisee_id == person.id],
        shut_out={each.id: sharing.shut_out(each) for each in all_of_it if each.accepted_at and not each.ended_at},
        running={each.id for each in all_of_it if queries.runs(each, today())},
        duties={key: label for key, label, _ in DUTIES},
        standings=STANDINGS,
        today=today(),
    )


@bp.post("/supervision/<int:supervision_id>/acceptance")
@counselors_only
def accept_supervision(supervision_id: int) -> ResponseReturnValue:
    """Let a supervisor in; only whose charts they are can do that."""
    supervision = my_supervision(supervision_id)
    if supervision.supervisee_id != current_person().id:
        abort(404)
    try:
        services.accept(supervision, today=today(), now=now())
    except SupervisionError as error:
        db.session.rollback()
        flash(str(error), "info")
        return redirect(url_for("notes.supervision"), 303)
    db.session.commit()
    flash(f"{supervision.supervisor.name} can read your charts now.", "good")
    return redirect(url_for("notes.supervision"), 303)


@bp.post("/supervision/<int:supervision_id>/end")
@counselors_only
def end_supervision(supervision_id: int) -> ResponseReturnValue:
    """End a supervision; either of the two may."""
    supervision = my_supervision(supervision_id)
    services.end(supervision, by=current_person(), now=now())
    db.session.commit()
    flash("The supervision has ended. The hours stay in the log.", "good")
    return redirect(url_for("notes.supervision"), 303)


@bp.get("/supervision/<int:supervision_id>/charts")
@counselors_only
def overseen_charts(supervision_id: int) -> ResponseReturnValue:
    """List the charts a supervisor may read."""
    supervision = my_supervision(supervision_id)
    if supervision.supervisor_id != current_person().id or not queries.runs(supervision, today()):
        abort(404)
    charts = queries.charts_of(supervision.supervisee_id)
    return render_template("notes/supervision/charts.html", supervision=supervision, charts=charts)


@bp.get("/supervision/charts/<int:chart_id>")
@counselors_only
def overseen_chart(chart_id: int) -> ResponseReturnValue:
    """Show a chart to its counselor's supervisor: the plan, and the signed notes."""
    person = current_person()
    chart, supervision = queries.chart_for(person, chart_id, today=today()) or abort(404)
    plan, state = plans.plan_of(chart)
    notes = [(note, opening.words_of(note)) for note in queries.signed_notes(chart)]
    pictures = pictures_of(chart)
    audit.record_aside(
        "chart.viewed",
        person_id=person.id,
        subject=("person", chart.client_id),
        detail={"supervision": supervision.id, "notes": [note.id for note, _ in notes]},
        about=chart.client_id,
        acting="supervisor",
        reason="supervision",
    )
    return render_template(
        "notes/supervision/chart.html",
        chart=chart,
        supervision=supervision,
        plan=plan,
        state=state,
        notes=notes,
        pictures=pictures,
        statuses=dict(STATUSES),
        standings=dict(DIAGNOSIS_STANDINGS),
        today=today(),
    )
