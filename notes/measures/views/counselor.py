"""A counselor asks, sees what came of it over time, and fills in a questionnaire together with a client."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes import queries as charts
from notes.measures import answering, asking, queries, sealing
from notes.measures.forms import PlanForm, all_answers, refused_plan
from notes.measures.models import MeasureAsking
from notes.measures.panels import pictures
from notes.measures.register import FREE
from notes.measures.rhythm import ONCE, SESSIONS, WEEKS
from notes.measures.scoring import scores
from notes.safety.queries import chart_between
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.models import Person
from practice.security import counselors_only, current_person

RHYTHM_CHOICES = [
    (ONCE, "Once, now", "It waits in their account, and a neutral e-mail says so."),
    (WEEKS, "Every few weeks", "Now, and then by the calendar."),
    (SESSIONS, "Before sessions", "Two days before you meet."),
]


@bp.get("/clients/<int:client_id>/measures")
@counselors_only
def measures(client_id: int) -> ResponseReturnValue:
    """Show what a client has answered over time, what is asked, and what is planned."""
    client = _client(client_id)
    audit.record_aside(
        "measures.viewed",
        person_id=current_person().id,
        subject=("person", client.id),
        about=client.id,
        acting="counselor",
    )
    return _page(client, forms.blank(rhythm=ONCE, every=2))


@bp.post("/clients/<int:client_id>/measures/plans")
@counselors_only
def plan_measure(client_id: int) -> ResponseReturnValue:
    """Ask something, once or again and again."""
    client, now = _client(client_id), ports().clock.now()
    form = PlanForm.parse(request.form, [each.key for each in queries.offered()])
    if isinstance(form, Errors):
        return _page(client, form), 422
    try:
        planned = asking.plan(
            counselor=current_person(), client=client, instrument=form.instrument, rhythm=form.rhythm, now=now
        )
    except (asking.AskedAlreadyError, asking.NotOfferedError) as error:
        db.session.rollback()
        return _page(_client(client_id), refused_plan(request.form, str(error))), 409
    db.session.commit()
    flash(f"{FREE[planned.instrument].name}: {planned.how_often.words.lower()}.", "good")
    return redirect(url_for("notes.measures", client_id=client.id), 303)


@bp.post("/measure-plans/<int:plan_id>/end")
@counselors_only
def end_measure_plan(plan_id: int) -> ResponseReturnValue:
    """End a plan."""
    planned = queries.plan_of_counselor(current_person(), plan_id) or abort(404)
    asking.end(planned, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("The plan has ended. What was answered stays.", "good")
    return redirect(url_for("notes.measures", client_id=planned.chart.client_id), 303)


@bp.post("/measures/<int:asking_id>/withdrawal")
@counselors_only
def take_back_measure(asking_id: int) -> ResponseReturnValue:
    """Take back what is not answered yet."""
    asked = _asked(asking_id)
    asking.take_back(asked, by=current_person(), now=ports().clock.now())
    db.session.commit()
    flash("Taken back. It no longer waits in their account.", "good")
    return redirect(url_for("notes.measures", client_id=asked.chart.client_id), 303)


@bp.get("/measures/<int:asking_id>")
@counselors_only
def measure(asking_id: int) -> ResponseReturnValue:
    """Show the answers of one time, question by question, with the score."""
    asked = _asked(asking_id)
    answers = sealing.given(asked) or abort(404)
    audit.record_aside(
        "measure.viewed",
        person_id=current_person().id,
        subject=("measure", asked.id),
        about=asked.chart.client_id,
        acting="counselor",
    )
    instrument = FREE[asked.instrument]
    return render_template(
        "notes/measures/answers.html",
        asking=asked,
        instrument=instrument,
        answers=answers,
        scores=scores(instrument, answers),
    )


@bp.get("/measures/<int:asking_id>/together")
@counselors_only
def measure_together(asking_id: int) -> ResponseReturnValue:
    """Show all questions, to be read aloud and filled in together."""
    asked = _open(asking_id)
    return render_template(
        "notes/measures/all.html",
        asking=asked,
        instrument=FREE[asked.instrument],
        form=forms.blank(),
        together=True,
    )


@bp.post("/measures/<int:asking_id>/together")
@counselors_only
def give_together(asking_id: int) -> ResponseReturnValue:
    """Take the answers that were given aloud."""
    asked, now = _open(asking_id), ports().clock.now()
    try:
        alert = answering.give_together(
            asked, all_answers(request.form, FREE[asked.instrument]), by=current_person(), now=now
        )
    except answering.NothingAnsweredError as error:
        db.session.rollback()
        flash(str(error), "info")
        return redirect(url_for("notes.measure_together", asking_id=asking_id), 303)
    db.session.commit()
    if alert:
        return redirect(url_for("notes.alert", alert_id=alert.id), 303)
    return redirect(url_for("notes.measure", asking_id=asked.id), 303)


def _client(client_id: int) -> Person:
    return charts.client_of(current_person(), client_id) or abort(404)


def _asked(asking_id: int) -> MeasureAsking:
    return queries.asking_of_counselor(current_person(), asking_id) or abort(404)


def _open(asking_id: int) -> MeasureAsking:
    asked = _asked(asking_id)
    return asked if asked.is_open else abort(404)


def _page(client: Person, form: Errors) -> str:
    counselor, now = current_person(), ports().clock.now()
    chart = chart_between(counselor, client)
    askings = queries.askings_on(chart) if chart else []
    found = queries.results(askings)
    return render_template(
        "notes/measures/index.html",
        client=client,
        form=form,
        pictures=pictures(chart, queries.courses(found)) if chart else [],
        given=[(each, scores(FREE[each.instrument], answers)) for each, answers in reversed(found)],
        waiting=[each for each in askings if each.is_open],
        plans=queries.plans_on(chart) if chart else [],
        alerts=queries.alerts_on(chart) if chart else [],
        next_session=queries.next_session(chart, now) if chart else None,
        offered=queries.offered(),
        choices=[(each.key, f"{each.name}: {each.about}") for each in queries.offered()],
        rhythms=RHYTHM_CHOICES,
        free=FREE,
    )
