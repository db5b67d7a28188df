"""Reading a plan: the page, its earlier states, and the sheet of paper."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notes.plans import queries, services
from notes.plans.views.pages import LABELS, STANDINGS, STATUSES, my_chart, my_client, my_plan, today
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.ports import ports
from practice.core.printing import PrintingError
from practice.queries.people import the_practice
from practice.security import counselors_only, current_person


@bp.get("/clients/<int:client_id>/plan")
@counselors_only
def plan(client_id: int) -> ResponseReturnValue:
    """Show what the work with a client is for."""
    client, plan, version = my_plan(client_id)
    if version:
        _seen("plan.viewed", client_id, version)
    return render_template("notes/plans/plan.html", client=client, plan=plan, version=version, **_words())


@bp.get("/clients/<int:client_id>/plan/states")
@counselors_only
def plan_states(client_id: int) -> ResponseReturnValue:
    """List the states the plan has been in."""
    chart = my_chart(client_id)
    return render_template("notes/plans/states.html", client=chart.client, states=queries.versions(chart))


@bp.get("/clients/<int:client_id>/plan/states/<int:number>")
@counselors_only
def plan_state(client_id: int, number: int) -> ResponseReturnValue:
    """Show the plan as it stood."""
    chart = my_chart(client_id)
    state = queries.version_of(chart, number) or abort(404)
    _seen("plan.viewed", client_id, number)
    plan = services.opened(state)
    return render_template("notes/plans/state.html", client=chart.client, plan=plan, state=state, **_words())


@bp.get("/clients/<int:client_id>/plan.pdf")
@counselors_only
def plan_pdf(client_id: int) -> ResponseReturnValue:
    """Print the plan on the practice's letterhead, with a line for each to sign."""
    client, plan, version = my_plan(client_id)
    page = render_template(
        "print/plan.html",
        practice=the_practice(),
        counselor=current_person(),
        client=my_client(client_id),
        plan=plan,
        state=queries.latest(my_chart(client_id)) if version else None,
        **_words(),
    )
    try:
        printed = ports().printer.pdf(page, title="Treatment plan")
    except PrintingError as error:
        flash(str(error), "bad")
        return redirect(url_for("notes.plan", client_id=client.id), 303)
    _seen("plan.printed", client_id, version)
    answer = Response(printed, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="plan-{client.id}.pdf"'
    return answer


def _words() -> dict[str, object]:
    return {
        "labels": LABELS,
        "statuses": dict(STATUSES),
        "standings": dict(STANDINGS),
        "today": today(),
        "zone": current_person().zone,
    }


def _seen(action: str, client_id: int, version: int) -> None:
    audit.record_aside(
        action,
        person_id=current_person().id,
        subject=("person", client_id),
        detail={"state": version},
        about=client_id,
        acting="counselor",
    )
