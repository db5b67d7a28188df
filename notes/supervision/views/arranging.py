"""The administrator arranges who supervises whom. That alone opens nothing: the supervisee lets the supervisor in."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from notes.supervision import queries, services
from notes.supervision.forms import ArrangementForm
from notes.supervision.models import Supervision
from notes.supervision.services import SupervisionError
from notes.supervision.views.pages import DUTIES, now, today
from notes.views.blueprint import bp
from practice.core import forms
from practice.core.db import db
from practice.core.forms import Errors
from practice.models import COUNSELOR, Person
from practice.queries import people
from practice.security import administrators_only, current_person


@bp.get("/supervisions")
@administrators_only
def supervisions() -> ResponseReturnValue:
    """Show who supervises whom."""
    return _page(forms.blank(begins_on=today().isoformat(), duty="cosign"))


@bp.post("/supervisions")
@administrators_only
def arrange_supervision() -> ResponseReturnValue:
    """Arrange a supervision."""
    counselors = {person.id: person for person in _counselors()}
    form = ArrangementForm.parse(request.form, counselors)
    if isinstance(form, Errors):
        return _page(form), 422
    supervisor, supervisee = counselors[form.supervisor_id], counselors[form.supervisee_id]
    try:
        services.arrange(
            supervisor,
            supervisee,
            duty=form.duty,
            begins_on=form.begins_on,
            ends_on=form.ends_on,
            by=current_person(),
            now=now(),
        )
    except SupervisionError as error:
        db.session.rollback()
        return _page(forms.refused(request.form, supervisee=str(error))), 409
    db.session.commit()
    flash(f"Arranged. {supervisee.name} is asked to let {supervisor.name} in.", "good")
    return redirect(url_for("notes.supervisions"), 303)


@bp.post("/supervisions/<int:supervision_id>/end")
@administrators_only
def end_arrangement(supervision_id: int) -> ResponseReturnValue:
    """End a supervision from the office."""
    supervision = db.session.get(Supervision, supervision_id) or abort(404)
    services.end(supervision, by=current_person(), now=now())
    db.session.commit()
    flash("The supervision has ended.", "good")
    return redirect(url_for("notes.supervisions"), 303)


def _counselors() -> Sequence[Person]:
    return [person for person in people.find(role=COUNSELOR).people if person.is_open]


def _page(form: Errors) -> str:
    return render_template(
        "notes/supervision/arranged.html",
        supervisions=queries.arranged(),
        counselors=[(person.id, person.name) for person in _counselors()],
        duties=DUTIES,
        duty_words={key: label for key, label, _ in DUTIES},
        form=form,
        today=today(),
    )
