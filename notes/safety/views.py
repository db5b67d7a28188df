"""The safety plan: counselor and client each read and write it on a page of their own, and see when the other has."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import keys
from notes import queries as charts
from notes.forms import chosen
from notes.models import Chart
from notes.safety import queries, services
from notes.safety.forms import PlanForm, shown_plan
from notes.safety.models import SafetyPlan, SafetyVersion
from notes.safety.steps import STEPS, SafetyWords, differences
from notes.views.blueprint import bp
from practice.core import audit
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.crisis import Country, ordered
from practice.models import Person
from practice.queries.people import the_practice
from practice.security import clients_only, counselors_only, current_person, open_to_all


@dataclass(frozen=True, slots=True)
class Side:
    """From whose side a plan is looked at, and where its pages are for that side."""

    counselor: Person
    client: Person
    is_client: bool

    @property
    def other(self) -> Person:
        """Whom one writes it with."""
        return self.counselor if self.is_client else self.client

    @property
    def chart(self) -> Chart | None:
        """The chart of the two, if one was begun."""
        return queries.chart_between(self.counselor, self.client)

    @property
    def plan(self) -> SafetyPlan | None:
        """The plan of the two, if one was begun."""
        return services.plan_of(self.chart) if self.chart else None

    def url(self, page: str = "") -> str:
        """Return the address of one of the plan's pages."""
        name = f"safety_plan{page}"
        if self.is_client:
            return url_for(f"notes.{name}", counselor=self.counselor.id)
        return url_for(f"notes.client_{name}", client_id=self.client.id)


@bp.get("/safety-plan")
@clients_only
def safety_plan() -> ResponseReturnValue:
    """Show a client their safety plan."""
    counselors = queries.counselors_of(current_person())
    if not counselors:
        return render_template("notes/safety/none.html", country=_country())
    return _show(_clients_side(), others=counselors)


@bp.get("/safety-plan/edit")
@clients_only
def safety_plan_edit() -> ResponseReturnValue:
    """Let a client write on their safety plan."""
    return _edit(_clients_side())


@bp.post("/safety-plan/edit")
@clients_only
def save_safety_plan() -> ResponseReturnValue:
    """Keep what a client wrote."""
    return _save(_clients_side())


@bp.get("/safety-plan/version")
@clients_only
def safety_plan_version() -> ResponseReturnValue:
    """Tell which version counts now, so that a page knows when the other has written."""
    return _version(_clients_side())


@bp.get("/clients/<int:client_id>/safety-plan")
@counselors_only
def client_safety_plan(client_id: int) -> ResponseReturnValue:
    """Show a counselor the safety plan of a client."""
    return _show(_counselors_side(client_id))


@bp.get("/clients/<int:client_id>/safety-plan/edit")
@counselors_only
def client_safety_plan_edit(client_id: int) -> ResponseReturnValue:
    """Let a counselor write on the safety plan of a client."""
    return _edit(_counselors_side(client_id))


@bp.post("/clients/<int:client_id>/safety-plan/edit")
@counselors_only
def save_client_safety_plan(client_id: int) -> ResponseReturnValue:
    """Keep what a counselor wrote."""
    return _save(_counselors_side(client_id))


@bp.get("/clients/<int:client_id>/safety-plan/version")
@counselors_only
def client_safety_plan_version(client_id: int) -> ResponseReturnValue:
    """Tell which version counts now."""
    return _version(_counselors_side(client_id))


@bp.get("/safety-plan/kept")
@open_to_all
def kept_safety_plan() -> ResponseReturnValue:
    """Give the page that shows what this device keeps; it holds nothing of anybody by itself."""
    return render_template("notes/safety/kept.html", country=_country(), steps=STEPS)


@bp.get("/safety-plan/worker.js")
@open_to_all
def safety_plan_worker() -> ResponseReturnValue:
    """Give the script that answers for the plan's pages while there is no network."""
    answer = current_app.send_static_file("js/notes/kept_worker.js")
    answer.headers["Service-Worker-Allowed"] = "/safety-plan"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _clients_side() -> Side:
    client = current_person()
    counselors = queries.counselors_of(client)
    wanted = request.args.get("counselor", type=int)
    counselor = next((each for each in counselors if wanted in {None, each.id}), None) or abort(404)
    return Side(counselor, client, is_client=True)


def _counselors_side(client_id: int) -> Side:
    counselor = current_person()
    client = charts.client_of(counselor, client_id) or abort(404)
    return Side(counselor, client, is_client=False)


def _show(side: Side, others: Sequence[Person] = ()) -> ResponseReturnValue:
    plan = side.plan
    number = request.args.get("version", type=int)
    known = {each.version for each in plan.versions} if plan else set()
    if number is not None and number not in known:
        abort(404)
    words = services.words_of(plan, number) if plan else SafetyWords()
    if plan:
        audit.record_aside(
            "safety_plan.viewed",
            person_id=current_person().id,
            subject=("safety_plan", plan.id),
            about=side.client.id,
            acting=None if side.is_client else "counselor",
        )
    return render_template(
        "notes/safety/show.html",
        side=side,
        plan=plan,
        words=words,
        shown=_row(plan, number or plan.version) if plan else None,
        number=number,
        steps=STEPS,
        others=others,
        country=_country(),
    )


def _row(plan: SafetyPlan, number: int) -> SafetyVersion | None:
    return next((each for each in plan.versions if each.version == number), None)


def _edit(side: Side) -> ResponseReturnValue:
    plan = side.plan
    words, version = (services.words_of(plan), plan.version) if plan else (SafetyWords(), 0)
    return _edit_page(side, shown_plan(words, version))


def _edit_page(side: Side, form: Errors) -> str:
    return render_template("notes/safety/edit.html", side=side, form=form, steps=STEPS, plan=side.plan)


def _save(side: Side) -> ResponseReturnValue:
    form, now, person = PlanForm.parse(request.form), ports().clock.now(), current_person()
    if isinstance(form, Errors):
        return _edit_page(side, form), 422
    words = _settled(form, side) if request.form.get("settles") else form.words
    chart = keys.chart_of(counselor=side.counselor, client=side.client, now=now)
    try:
        services.save(chart, words, base_version=form.base_version, by=person, now=now)
    except services.NothingWrittenError as error:
        db.session.rollback()
        return _edit_page(side, Errors(dict(request.form), {STEPS[0].key: str(error)})), 422
    except services.BothWroteError as both:
        page = render_template(
            "notes/safety/both.html",
            side=side,
            both=both,
            steps=STEPS,
            differences=differences(both.mine, both.words),
            version=both.theirs.version,
            base_version=form.base_version,
        )
        db.session.rollback()
        return page, 409
    db.session.commit()
    flash("Saved. You both see it now.", "good")
    return redirect(side.url(), 303)


def _settled(form: PlanForm, side: Side) -> SafetyWords:
    """Take mine, theirs or both of each step in which two versions differ, as it was ticked."""
    plan = side.plan
    if plan is None or plan.version != form.base_version:  # yet another version: it is put beside mine in its turn
        return form.words
    apart = differences(form.words, services.words_of(plan))
    return SafetyWords({**form.words.texts, **chosen(apart, request.form)})


def _version(side: Side) -> ResponseReturnValue:
    plan = side.plan
    by = plan.versions[0].author.first_name if plan and plan.versions else ""
    return {"version": plan.version if plan else 0, "by": by}


def _country() -> Country:
    return ordered(the_practice().country)[0]
