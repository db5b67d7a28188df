"""A counselor looks into openings of their charts and answers for their own; the practice sees to the rest."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from notes.openings import queries, services
from notes.openings.forms import AnswerForm, VerdictForm
from notes.openings.models import ChartOpening
from notes.openings.services import ReviewError
from notes.openings.views.pages import EXPECTED_WORDS, list_page, opening_page
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.core.ports import ports
from practice.security import administrators_only, counselors_only, current_person


@bp.get("/charts/openings")
@counselors_only
def openings() -> ResponseReturnValue:
    """List the openings of this counselor's charts, those to look at first of all."""
    person = current_person()
    return list_page(queries.in_charts_of(person), office=False, asked=queries.asked_of(person))


@bp.get("/charts/openings/<int:opening_id>")
@counselors_only
def opening(opening_id: int) -> ResponseReturnValue:
    """Show one opening to who reviews it, or to who is asked about it."""
    return opening_page(_mine(opening_id), forms.blank(), office=False)


@bp.post("/charts/openings/<int:opening_id>/question")
@counselors_only
def ask_about_opening(opening_id: int) -> ResponseReturnValue:
    """Ask who opened a chart to say more."""
    return _act(opening_id, _ask, back="notes.opening", mine=_reviewed())


@bp.post("/charts/openings/<int:opening_id>/answer")
@counselors_only
def answer_about_opening(opening_id: int) -> ResponseReturnValue:
    """Answer for one's own opening."""
    person = current_person()
    row = queries.opening_for(ChartOpening.person_id == person.id, opening_id) or abort(404)
    form = AnswerForm.parse(request.form)
    if isinstance(form, Errors):
        return opening_page(row, form, office=False), 422
    try:
        services.answer(row, form.words, now=ports().clock.now())
    except ReviewError as error:
        db.session.rollback()
        return opening_page(_mine(opening_id), forms.refused(request.form, words=str(error)), office=False), 409
    db.session.commit()
    flash(f"Sent, sealed for {row.chart.counselor.name}.", "good")
    return redirect(url_for("notes.openings"), 303)


@bp.post("/charts/openings/<int:opening_id>/verdict")
@counselors_only
def settle_opening(opening_id: int) -> ResponseReturnValue:
    """Keep what came of looking at it."""
    return _act(opening_id, _settle, back="notes.openings", mine=_reviewed())


@bp.get("/openings")
@administrators_only
def practice_openings() -> ResponseReturnValue:
    """List every opening from outside a care team, without a clinical word."""
    return list_page(_of_others(), office=True)


@bp.get("/openings/<int:opening_id>")
@administrators_only
def practice_opening(opening_id: int) -> ResponseReturnValue:
    """Show one opening to an administrator."""
    row = queries.opening_for(_of_others(), opening_id) or abort(404)
    return opening_page(row, forms.blank(), office=True)


@bp.post("/openings/<int:opening_id>/question")
@administrators_only
def practice_asks(opening_id: int) -> ResponseReturnValue:
    """Ask who opened a chart to tell its counselor more."""
    return _act(opening_id, _ask, back="notes.practice_opening", mine=_of_others())


@bp.post("/openings/<int:opening_id>/verdict")
@administrators_only
def practice_settles(opening_id: int) -> ResponseReturnValue:
    """Keep what came of looking at it."""
    return _act(opening_id, _settle, back="notes.practice_openings", mine=_of_others())


@bp.post("/openings/<int:opening_id>/noted")
@administrators_only
def practice_deals_with(opening_id: int) -> ResponseReturnValue:
    """Note that what was not right has been dealt with."""
    return _act(opening_id, _note, back="notes.practice_openings", mine=_of_others())


def _reviewed() -> ColumnElement[bool]:
    return queries.in_charts_of(current_person())


def _of_others() -> ColumnElement[bool]:
    """Nobody looks into what they opened themselves."""
    return ChartOpening.person_id != current_person().id


def _mine(opening_id: int) -> ChartOpening:
    asked = ChartOpening.person_id == current_person().id
    return queries.opening_for(_reviewed() | asked, opening_id) or abort(404)


def _act(
    opening_id: int, deed: Callable[[ChartOpening, datetime], str], *, back: str, mine: ColumnElement[bool]
) -> ResponseReturnValue:
    row = queries.opening_for(mine, opening_id) or abort(404)
    try:
        said = deed(row, ports().clock.now())
    except ReviewError as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash(said, "good")
    return redirect(url_for(back, opening_id=opening_id) if back.endswith("opening") else url_for(back), 303)


def _ask(row: ChartOpening, now: datetime) -> str:
    services.ask(row, by=current_person(), now=now)
    return f"{row.person.name} is asked to say more."


def _settle(row: ChartOpening, now: datetime) -> str:
    form = VerdictForm.parse(request.form)
    if isinstance(form, Errors):
        raise ReviewError("Choose whether it was expected or not right.")
    services.settle(row, form.verdict, by=current_person(), now=now)
    return EXPECTED_WORDS[form.verdict]


def _note(row: ChartOpening, now: datetime) -> str:
    services.note(row, by=current_person(), now=now)
    return "Noted as dealt with."
