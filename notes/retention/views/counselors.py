"""A counselor agrees that one of their charts may be destroyed, or takes that back."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from notes.models import Chart
from notes.queries import client_of
from notes.retention import services
from notes.retention.services import RetentionError
from notes.safety.queries import chart_between
from notes.views.blueprint import bp
from practice.core.db import db
from practice.core.ports import ports
from practice.security import counselors_only, current_person


@bp.post("/clients/<int:client_id>/chart/end")
@counselors_only
def agree_to_the_end(client_id: int) -> ResponseReturnValue:
    """Agree that one's own chart may be destroyed."""
    chart = _chart(client_id)
    try:
        services.review(chart, by=current_person(), now=ports().clock.now())
    except RetentionError as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash("Your agreement is kept. Whoever runs the practice now looks at it and destroys the record.", "good")
    return redirect(url_for("notes.chart", client_id=client_id), 303)


@bp.post("/clients/<int:client_id>/chart/end/refusal")
@counselors_only
def keep_after_all(client_id: int) -> ResponseReturnValue:
    """Say that one's own chart is to be kept after all."""
    chart = _chart(client_id)
    try:
        services.take_back(chart, by=current_person())
    except RetentionError as error:
        db.session.rollback()
        flash(str(error), "info")
    else:
        db.session.commit()
        flash("It is kept for now. An administrator can put a hold on it, so that it stays.", "good")
    return redirect(url_for("notes.chart", client_id=client_id), 303)


def _chart(client_id: int) -> Chart:
    client = client_of(current_person(), client_id) or abort(404)
    return chart_between(current_person(), client) or abort(404)
