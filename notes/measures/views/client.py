"""A client answers: one question at a time or all on one page, kept as one goes, with help where it is needed."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.measures import answering, queries, sealing
from notes.measures.forms import OneAnswer, all_answers, shown_answers
from notes.measures.instruments import Instrument
from notes.measures.models import MeasureAsking
from notes.measures.panels import questions_shown
from notes.measures.register import FREE
from notes.measures.scoring import Answers
from notes.vault import VaultLockedError
from notes.views.blueprint import bp
from practice.core import audit, forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.crisis import ordered
from practice.queries.people import the_practice
from practice.security import clients_only, current_person


@bp.get("/questions")
@clients_only
def questions() -> ResponseReturnValue:
    """Show a client what waits for them, and what they have given."""
    client = current_person()
    return render_template(
        "notes/measures/questions.html",
        waiting=queries.open_askings(client),
        given=queries.given_by(client),
        free=FREE,
    )


@bp.get("/questions/waiting")
@clients_only
def questions_waiting() -> ResponseReturnValue:
    """Give the part of a room that shows what a client is asked just now."""
    return questions_shown()


@bp.get("/questions/<int:asking_id>")
@clients_only
def question_start(asking_id: int) -> ResponseReturnValue:
    """Say what comes, and let a client choose how; what is begun goes on where it stopped."""
    asking = _open(asking_id)
    instrument, answers = FREE[asking.instrument], sealing.kept(asking, current_person())
    return render_template(
        "notes/measures/start.html",
        asking=asking,
        instrument=instrument,
        answered=len(answers),
        goes_on_at=_first_open(instrument, answers),
    )


@bp.get("/questions/<int:asking_id>/<int:number>")
@clients_only
def question(asking_id: int, number: int) -> ResponseReturnValue:
    """Show one question."""
    asking = _open(asking_id)
    answers = sealing.kept(asking, current_person())
    chosen = "" if number not in answers else "skip" if answers[number] is None else str(answers[number])
    return _question_page(asking, number, forms.blank(answer=chosen))


@bp.post("/questions/<int:asking_id>/<int:number>")
@clients_only
def answer(asking_id: int, number: int) -> ResponseReturnValue:
    """Keep one answer and go on to the next question."""
    asking = _open(asking_id)
    instrument = _with_question(asking, number)
    form = OneAnswer.parse(request.form, instrument, number)
    if isinstance(form, Errors):
        return _question_page(asking, number, form), 422
    if _called(asking, {number: form.value}):
        return redirect(url_for("notes.question_help", asking_id=asking.id, at=number), 303)
    onward = (
        url_for("notes.question_check", asking_id=asking.id)
        if number == instrument.last
        else url_for("notes.question", asking_id=asking.id, number=number + 1)
    )
    return redirect(onward, 303)


@bp.get("/questions/<int:asking_id>/all")
@clients_only
def questions_at_once(asking_id: int) -> ResponseReturnValue:
    """Show all questions on one page."""
    asking = _open(asking_id)
    return render_template(
        "notes/measures/all.html",
        asking=asking,
        instrument=FREE[asking.instrument],
        form=shown_answers(sealing.kept(asking, current_person())),
        together=False,
    )


@bp.post("/questions/<int:asking_id>/all")
@clients_only
def answer_at_once(asking_id: int) -> ResponseReturnValue:
    """Keep the answers of the whole page; a script sends each as it is chosen."""
    asking = _open(asking_id)
    instrument = FREE[asking.instrument]
    chosen = all_answers(request.form, instrument)
    called_before = queries.has_called(asking)
    called = _called(asking, chosen) and not called_before
    help_page = url_for("notes.question_help", asking_id=asking.id, at=0) if called else ""
    if request.accept_mimetypes.best == "application/json":
        return {"saved": True, "help": help_page}
    return redirect(help_page or url_for("notes.question_check", asking_id=asking.id), 303)


@bp.get("/questions/<int:asking_id>/check")
@clients_only
def question_check(asking_id: int) -> ResponseReturnValue:
    """Let a client look over their answers before they are sent."""
    return _check_page(_open(asking_id))


@bp.post("/questions/<int:asking_id>/check")
@clients_only
def give_answers(asking_id: int) -> ResponseReturnValue:
    """Give the answers to the counselor."""
    asking = _open(asking_id)
    try:
        answering.give(asking, by=current_person(), now=ports().clock.now())
    except answering.NothingAnsweredError as error:
        db.session.rollback()
        return _check_page(_open(asking_id), str(error)), 409
    db.session.commit()
    return redirect(url_for("notes.question_thanks", asking_id=asking.id), 303)


@bp.get("/questions/<int:asking_id>/help")
@clients_only
def question_help(asking_id: int) -> ResponseReturnValue:
    """Show help at once to somebody whose answer asks for it."""
    asking = _mine(asking_id)
    at = request.args.get("at", default=0, type=int)
    instrument = FREE[asking.instrument]
    if not asking.is_open:
        onward = url_for("notes.questions")
    elif 0 < at < instrument.last:
        onward = url_for("notes.question", asking_id=asking.id, number=at + 1)
    elif at == 0:
        onward = url_for("notes.questions_at_once", asking_id=asking.id)
    else:
        onward = url_for("notes.question_check", asking_id=asking.id)
    country = ordered(the_practice().country)[0]
    called = queries.has_called(asking)
    return render_template("notes/measures/help.html", asking=asking, country=country, onward=onward, called=called)


@bp.get("/questions/<int:asking_id>/thanks")
@clients_only
def question_thanks(asking_id: int) -> ResponseReturnValue:
    """Say that the answers have arrived, and what happens with them."""
    return render_template("notes/measures/thanks.html", asking=_mine(asking_id))


@bp.get("/questions/<int:asking_id>/answers")
@clients_only
def my_answers(asking_id: int) -> ResponseReturnValue:
    """Show a client what they answered."""
    asking = _mine(asking_id)
    answers = sealing.given(asking) or abort(404)
    audit.record_aside(
        "measure.viewed", person_id=current_person().id, subject=("measure", asking.id), about=current_person().id
    )
    return render_template(
        "notes/measures/mine.html", asking=asking, instrument=FREE[asking.instrument], answers=answers
    )


@bp.errorhandler(answering.NoLongerAskedError)
def _no_longer_asked(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    flash(str(error), "info")
    return redirect(url_for("notes.questions" if current_person().is_client else "notes.index"), 303)


def _called(asking: MeasureAsking, chosen: Answers) -> bool:
    """Keep answers, and tell whether one calls for help; then help is shown even where the answer needs a password."""
    called = answering.watch(asking, chosen, by=current_person(), now=ports().clock.now())
    db.session.commit()
    try:
        answering.keep(asking, chosen, by=current_person())
    except VaultLockedError:
        if not called:
            raise
        db.session.rollback()
    db.session.commit()
    return called


def _mine(asking_id: int) -> MeasureAsking:
    return queries.asking_of_client(current_person(), asking_id) or abort(404)


def _open(asking_id: int) -> MeasureAsking:
    asking = _mine(asking_id)
    if not asking.is_open:
        raise answering.NoLongerAskedError("These questions are no longer open. Nothing needs to be done.")
    return asking


def _with_question(asking: MeasureAsking, number: int) -> Instrument:
    instrument = FREE[asking.instrument]
    return instrument if 1 <= number <= instrument.last else abort(404)


def _first_open(instrument: Instrument, answers: Mapping[int, int | None]) -> int:
    """Return the first question without an answer; 0 when each has one."""
    return next((number for number in range(1, instrument.last + 1) if number not in answers), 0)


def _question_page(asking: MeasureAsking, number: int, form: Errors) -> str:
    instrument = _with_question(asking, number)
    return render_template(
        "notes/measures/question.html", asking=asking, instrument=instrument, number=number, form=form
    )


def _check_page(asking: MeasureAsking, refusal: str = "") -> str:
    return render_template(
        "notes/measures/check.html",
        asking=asking,
        instrument=FREE[asking.instrument],
        answers=sealing.kept(asking, current_person()),
        refusal=refusal,
    )
