"""The administrator hands the charts of a counselor who is gone to a successor, by the recovery sheets."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.custody import recovery, rings, succession
from notes.lending import queries
from notes.vault import VaultNotMadeError
from notes.views.blueprint import bp
from notes.views.recovery import opened_keys
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors, Reader
from practice.core.ports import ports
from practice.models import Person
from practice.security import administrators_only, current_person


@bp.get("/recovery/people/<int:person_id>/successor")
@administrators_only
def succeed(person_id: int) -> ResponseReturnValue:
    """Ask for a successor and the sheets."""
    return _page(_gone(person_id), forms.blank())


@bp.get("/recovery/people/<int:person_id>/successor/envelopes")
@administrators_only
def succession_envelopes(person_id: int) -> ResponseReturnValue:
    """Give the envelopes that the sheets open."""
    return {"envelopes": succession.envelopes_left_by(_gone(person_id))}


@bp.post("/recovery/people/<int:person_id>/successor")
@administrators_only
def finish_succession(person_id: int) -> ResponseReturnValue:
    """Wrap what the sheets opened for the successor."""
    person, counselors = _gone(person_id), {each.id: each for each in queries.colleagues()}
    reader = Reader(request.form)
    chosen = reader.choice("successor", {str(number) for number in counselors}, missing="Choose who takes over.")
    if reader.errors:
        return _page(person, reader.errors), 422
    successor = counselors[int(chosen)]
    try:
        count, left = succession.hand_over(
            person, successor, opened_keys(), by=current_person(), now=ports().clock.now()
        )
    except (recovery.NotTheKeyError, VaultNotMadeError) as error:
        db.session.rollback()
        return _page(_gone(person_id), _refused(successor, str(error))), 422
    if not count:
        db.session.rollback()
        words = "Nothing came back from the sheets, so nothing was changed."
        return _page(_gone(person_id), _refused(successor, words)), 422
    db.session.commit()
    rest = f" {left} more have a key that these sheets do not open." if left else ""
    charts = "1 chart" if count == 1 else f"{count} charts"
    flash(f"{successor.name} reads {charts} of {person.name} now.{rest}", "good")
    return redirect(url_for("notes.recovery_key"), 303)


def _gone(person_id: int) -> Person:
    return next((person for person in succession.gone() if person.id == person_id), None) or abort(404)


def _refused(successor: Person, words: str) -> Errors:
    return Errors({"successor": successor.id}, {"": words})


def _page(person: Person, form: Errors) -> str:
    return render_template(
        "notes/recovery/successor.html",
        person=person,
        form=form,
        counselors=[(each.id, each.name) for each in queries.colleagues()],
        key=rings.recovery_key(),
        count=len(succession.envelopes_left_by(person)),
    )
